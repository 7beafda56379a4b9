/** The curl command of an operation, for the API's documentation. */
import type { Operation } from './openapi.ts';

/** With `$KONTOR` for the address of the house, and `$TOKEN` or `$SESSION` for who asks. */
export function curlOf(method: string, path: string, operation: Operation): string {
  const { parameters = [], requestBody, security = [] } = operation;
  const [mediaType, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const parts = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}"$KONTOR${exampleAddress(path, operation)}"`,
    ...credentials(security),
    ...parameters.filter((one) => one.in === 'header' && one.required === true).map((one) => `-H ${quoted(`${one.name}: ${one.example}`)}`),
    ...(mediaType === undefined
      ? []
      : [`-H ${quoted(`content-type: ${mediaType}`)}`, `--data-binary ${quoted(bodyText(content?.example))}`]),
  ];
  return parts.join(' \\\n  ');
}

/** The path and query of an operation with its examples for all that is needed. */
export function exampleAddress(path: string, { parameters = [] }: Operation): string {
  const inPath = new Map(parameters.filter((one) => one.in === 'path').map(({ name, example }) => [name, String(example)]));
  const query = new URLSearchParams(
    parameters.filter((one) => one.in === 'query' && one.required === true).map(({ name, example }) => [name, String(example)]),
  );
  const address = path.replaceAll(/\{([^}]+)\}/g, (whole, name) => encodeURIComponent(inPath.get(name) ?? whole));
  return query.size > 0 ? `${address}?${query}` : address;
}

export function bodyText(example: unknown): string {
  return typeof example === 'string' ? example : JSON.stringify(example);
}

function credentials(security: NonNullable<Operation['security']>): string[] {
  if (security.some(({ accessToken }) => accessToken !== undefined)) return ['-H "authorization: Bearer $TOKEN"'];
  return security.length > 0 ? ['-b "kontor_session=$SESSION"'] : [];
}

/** For a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
