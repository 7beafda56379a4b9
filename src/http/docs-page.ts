/** Renders the OpenAPI document as one page. Its only script sends requests by hand, and the page is whole without it. */
import { type ErrorCode, errorCodes } from '#core/errors.ts';
import { escaped as text } from '#core/markup.ts';
import { curlOf } from './docs-curl.ts';
import type { ApiDocument, Operation, SchemaNode } from './openapi.ts';

export function docsPage(document: ApiDocument): string {
  const groups = groupedOperations(document);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${text(document.info.title)} API</title>
<link rel="stylesheet" href="/api/docs/style.css">
<script type="module" src="/api/docs/try.js"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<nav aria-label="Contents">
<p class="brand"><a href="/">${text(document.info.title)}</a> <span>API ${text(document.info.version)}</span></p>
<ul><li><a href="#begin">How to begin</a></li></ul>
${groups.map(([tag, entries]) => `<p class="group">${text(tag)}</p><ul>${entries.map(navigationEntry).join('')}</ul>`).join('\n')}
<p class="group">more</p>
<ul><li><a href="#sockets">Sockets</a></li><li><a href="#problems">Problems</a></li><li><a href="#schemas">Schemas</a></li><li><a href="/api/openapi.json">OpenAPI document</a></li></ul>
</nav>
<main id="content">
<h1>${text(document.info.title)} API</h1>
${paragraphs(document.info.description)}
${beginning}
${groups.map(([tag, entries]) => `<section><h2 id="${id(tag)}">${text(tag)}</h2>${entries.map((entry) => operationCard(document, entry)).join('\n')}</section>`).join('\n')}
${socketsSection(document)}
${problemsSection()}
${schemasSection(document)}
</main>
</body>
</html>
`;
}

const beginning = `<section><h2 id="begin">How to begin</h2>
<p>The address of this house is <code class="base">http://127.0.0.1:3000</code>, and every path below follows it. Commands take it from the shell:</p>
<pre>KONTOR=<span class="base">http://127.0.0.1:3000</span></pre>
<p>Where it says <em>login</em>, send who you are. Programs send an <strong>access token</strong>: <a href="/account">make one on the page of your account</a>,
with the scopes that it needs, and keep it secret. GET needs the scope <code>read</code>, everything else <code>write</code>; routes of admins need <code>admin</code> as well.</p>
<pre>TOKEN=kontor_pat_…
curl "$KONTOR/api/coins/wallet" -H "authorization: Bearer $TOKEN"</pre>
<p>Browsers, and the few routes that take no token, send the <strong>cookie of a session</strong>, which a login sets:</p>
<pre>curl -c cookies "$KONTOR/api/people/login" -H 'content-type: application/json' \\
  -d '{"email":"ada@example.org","password":"correct horse battery staple"}'
curl -b cookies "$KONTOR/api/coins/wallet"</pre>
<p>Without a login where one is needed, the answer is 401; with one that may not do it, 403.</p></section>`;

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

function groupedOperations(document: ApiDocument): readonly (readonly [string, readonly Entry[]])[] {
  const groups = new Map<string, Entry[]>();
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const tag = operation.tags?.[0] ?? 'other';
      const entries = groups.get(tag) ?? [];
      entries.push({ method: method.toUpperCase(), path, operation });
      groups.set(tag, entries);
    }
  }
  // The routes of the house come last.
  return [...groups].sort(([one], [other]) => Number(one === 'house') - Number(other === 'house') || one.localeCompare(other));
}

function navigationEntry({ method, path }: Entry): string {
  return `<li><a href="#${id(`${method}-${path}`)}"><span class="method ${method.toLowerCase()}">${method}</span> ${breakable(path)}</a></li>`;
}

function operationCard(document: ApiDocument, { method, path, operation }: Entry): string {
  return `<article id="${id(`${method}-${path}`)}">
<h3><span class="method ${method.toLowerCase()}">${method}</span> <code>${breakable(path)}</code></h3>
${operation.summary === undefined ? '' : `<p class="summary">${text(operation.summary)}</p>`}
${paragraphs(operation.description)}
<p class="login">${loginWords(operation)}</p>
${parametersTable(operation)}
${bodySection(document, operation)}
<h4>Example</h4>
<pre>${text(curlOf(method, path, operation))}</pre>
<button class="try" type="button" data-method="${text(method)}" data-path="${text(path)}" hidden>Try it</button>
${responsesSection(document, operation)}
</article>`;
}

function loginWords({ security = [] }: Operation): string {
  if (security.length === 0) return 'No login needed.';
  const token = security.find(({ accessToken }) => accessToken !== undefined)?.accessToken;
  const scopes = token?.map((scope) => `<code>${text(scope)}</code>`).join(' and ');
  const ways = scopes === undefined ? 'a session; no access token' : `a session, or an access token with the scope ${scopes}`;
  const freely = security.some((requirement) => Object.keys(requirement).length === 0) ? ' In a demonstration, anybody may.' : '';
  return `<strong>Login</strong>: ${ways}.${freely}`;
}

function parametersTable(operation: Operation): string {
  if (operation.parameters === undefined || operation.parameters.length === 0) return '';
  const rows = operation.parameters.map(
    (parameter) =>
      `<tr><td><code>${text(parameter.name)}</code>${parameter.required ? ' <em>required</em>' : ''}</td><td>${text(parameter.in)}</td><td>${schemaWords(parameter.schema)}</td><td>${prose(parameter.description ?? parameter.schema?.description ?? '')}</td></tr>`,
  );
  return `<h4>Parameters</h4><div class="scroll"><table><thead><tr><th>Name</th><th>In</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function bodySection(document: ApiDocument, operation: Operation): string {
  const [mediaType, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  if (mediaType === undefined) return '';
  return `<h4>Body <small>${text(mediaType)}</small></h4>${schemaBlock(document, content?.schema)}`;
}

function responsesSection(document: ApiDocument, operation: Operation): string {
  const items = Object.entries(operation.responses).map(([status, response]) => {
    const code = response.$ref?.split('/').at(-1);
    if (code !== undefined)
      return `<li><span class="status">${text(status)}</span> <a href="#problem-${text(code)}"><code>${text(code)}</code></a></li>`;
    const [mediaType, content] = Object.entries(response.content ?? {})[0] ?? [];
    const summary = `<span class="status">${text(status)}</span> ${text(response.description ?? '')}${mediaType === undefined ? '' : ` <small>${text(mediaType)}</small>`}`;
    if (content?.schema === undefined) return `<li>${summary}</li>`;
    const example = content.example === undefined ? '' : `<pre>${text(exampleText(content.example))}</pre>`;
    return `<li><details><summary>${summary}</summary>${schemaBlock(document, content.schema)}${example}</details></li>`;
  });
  return `<h4>Answers</h4><ul class="answers">${items.join('')}</ul>`;
}

function exampleText(example: unknown): string {
  return typeof example === 'string' ? example : JSON.stringify(example, undefined, 2);
}

function socketsSection(document: ApiDocument): string {
  const sockets = document['x-sockets'] ?? [];
  const rows = sockets.map((socket) => `<tr><td><code>${text(socket.path)}</code></td><td>${text(socket.description)}</td></tr>`);
  const table = `<div class="scroll"><table><thead><tr><th>Path</th><th>Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
  return `<section><h2 id="sockets">Sockets</h2><p>WebSockets, on the same host and port.</p>${rows.length === 0 ? '<p>This process has none.</p>' : table}</section>`;
}

function problemsSection(): string {
  const rows = (Object.keys(errorCodes) as ErrorCode[]).map((code) => {
    const { status, title, retryable } = errorCodes[code];
    return `<tr id="problem-${code}"><td><code>${code}</code></td><td>${status}</td><td>${text(title)}</td><td>${retryable ? 'yes' : 'no'}</td></tr>`;
  });
  return `<section><h2 id="problems">Problems</h2><p>Answered as <code>application/problem+json</code>; <code>errors</code> names each invalid field and how to correct it.</p>
<div class="scroll"><table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th><th>Retryable</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

function schemasSection(document: ApiDocument): string {
  const schemas = Object.entries(document.components.schemas).sort(([one], [other]) => one.localeCompare(other));
  return `<section><h2 id="schemas">Schemas</h2>${schemas
    .map(
      ([name, schema]) =>
        `<article id="schema-${id(name)}"><h3>${text(name)}</h3>${paragraphs(schema.description)}${schemaBlock(document, schema)}</article>`,
    )
    .join('\n')}</section>`;
}

/** A table of the fields of an object, or of the objects in a list; other schemas in a few words. */
function schemaBlock(document: ApiDocument, schema: SchemaNode | undefined): string {
  if (schema?.items?.properties !== undefined) return `<p>A list of</p>${schemaBlock(document, schema.items)}`;
  if (schema?.properties === undefined) return `<p>${schemaWords(schema)}</p>`;
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties).map(
    ([name, field]) =>
      `<tr><td><code>${text(name)}</code>${required.has(name) ? '' : ' <em>optional</em>'}</td><td>${schemaWords(field)}</td><td>${prose(field.description ?? '')}</td></tr>`,
  );
  return `<div class="scroll"><table><thead><tr><th>Field</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

/** A type in a few words: `integer ≥ 1`, `list of Batch`, `"1s" or "1m"`. */
function schemaWords(schema: SchemaNode | undefined): string {
  if (schema === undefined) return 'anything';
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return `<a href="#schema-${id(name)}">${text(name)}</a>`;
  }
  if (schema.const !== undefined) return `<code>${text(JSON.stringify(schema.const))}</code>`;
  if (schema.enum !== undefined) return schema.enum.map((value) => `<code>${text(JSON.stringify(value))}</code>`).join(' or ');
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(schemaWords))].join(' or ');
  if (schema.items !== undefined)
    return `list of ${schemaWords(schema.items)}${schema.maxItems === undefined ? '' : `, at most ${schema.maxItems}`}`;
  if (schema.properties !== undefined)
    return `object with ${Object.keys(schema.properties)
      .map((name) => `<code>${text(name)}</code>`)
      .join(', ')}`;
  const values =
    Object.values(schema.patternProperties ?? {})[0] ??
    (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined);
  if (values !== undefined) return `object of name to ${schemaWords(values)}`;
  const type = schema.type === undefined ? 'anything' : [schema.type].flat().join(' or ');
  return `${text(type)}${bounds(schema)}`;
}

function bounds(schema: SchemaNode): string {
  const words = [
    schema.minimum === undefined ? undefined : `≥ ${schema.minimum}`,
    schema.maximum === undefined ? undefined : `≤ ${schema.maximum}`,
    schema.minLength === undefined ? undefined : `from ${schema.minLength} characters`,
    schema.maxLength === undefined ? undefined : `up to ${schema.maxLength} characters`,
    schema.format === undefined ? undefined : text(schema.format),
    schema.pattern === undefined ? undefined : `<code>${text(schema.pattern)}</code>`,
    schema.default === undefined ? undefined : `${text(JSON.stringify(schema.default))} if left out`,
  ].filter((word) => word !== undefined);
  return words.length === 0 ? '' : ` ${words.join(', ')}`;
}

function paragraphs(description: string | undefined): string {
  if (description === undefined) return '';
  return description
    .split(/\n\s*\n/)
    .map((paragraph) => `<p>${prose(paragraph)}</p>`)
    .join('\n');
}

/** Escapes the text, and marks up `code` in it. */
function prose(value: string): string {
  return text(value).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function id(name: string): string {
  return name.replace(/[^\w.-]+/g, '-').replace(/^-|-$/g, '');
}

/** Lets long paths break at their slashes. */
function breakable(path: string): string {
  return text(path).replaceAll('/', '/<wbr>');
}
