/** Writes the pages of docs/ and the types of the client that are generated from the code: `node tools/write-docs.ts`; with `--check`, fails when one is stale. */
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { configurationPage } from '#config/documentation.ts';
import type { Law } from '#core/laws/law.ts';
import type { Role } from '#core/role.ts';
import { compose } from '#house/composition.ts';
import { modules } from '#house/modules.ts';
import { readHouseConfig } from '#house/read-config.ts';
import type { Contract } from '#http/contract.ts';
import { costsTable, partsTable, shardsTable } from '../bench/scale.ts';
import { allContracts, callers, mayCall } from './access-table.ts';
import { clientPath, clientText } from './write-client.ts';

export interface Page {
  /** Relative to the repository's root. */
  readonly path: string;
  readonly text: string;
}

export async function writtenPages(): Promise<readonly Page[]> {
  // The defaults, whatever the current environment.
  const { config } = readHouseConfig({ environment: {}, flags: new Map() });
  const { laws, roles } = compose(config, modules);
  return [
    { path: clientPath, text: await clientText() },
    { path: 'docs/access.md', text: accessPage(await allContracts()) },
    { path: 'docs/configuration.md', text: configurationPage(modules) },
    { path: 'docs/laws.md', text: lawsPage(laws) },
    { path: 'docs/roles.md', text: rolesPage(roles) },
    { path: 'docs/scale.md', text: scalePage() },
  ];
}

/** The paths of pages that differ from the code. */
export async function stalePages(): Promise<readonly string[]> {
  const stale: string[] = [];
  for (const { path, text } of await writtenPages()) {
    const current = await readFile(fileOf(path), 'utf8').catch(() => '');
    if (current !== text) stale.push(path);
  }
  return stale;
}

function accessPage(contracts: readonly Contract[]): string {
  return page('Who may call what', [
    'Every route of the API, and who may call it outside of a demonstration (`DEMO`). An access token is as good as its scopes, no matter who made',
    'it; those here are of an admin, and those of members can do no more. GET needs `read`, all else `write`. Routes that are open to strangers',
    'refuse a token without that scope where the answer depends on who asks. `test/attacks/scopes.test.ts` asks every route as each of these.',
    '',
    row('Route', ...callers.map(({ name }) => name)),
    row('---', ...callers.map(() => '---')),
    ...contracts.map((contract) =>
      row(`\`${contract.method} ${contract.path}\``, ...callers.map((caller) => (mayCall(contract, caller) ? 'yes' : '–'))),
    ),
  ]);
}

function lawsPage(laws: readonly Law[]): string {
  return page('Laws', [
    'A law is a statement about stored data that holds at every committed moment. `kontor audit` checks all of them on all of the books, beside a',
    'running house or without one; the role `auditor` checks them continuously on what is recent, and publishes the verdicts.',
    '',
    '| Law | Says | Enforced by |',
    '| --- | --- | --- |',
    ...laws.map(({ id, says, enforcedBy }) => row(`\`${id}\``, says, enforcedBy)),
  ]);
}

function rolesPage(roles: readonly Role[]): string {
  return page('Roles', [
    '`kontor up` runs every role in one process, `kontor run ROLE...` the named ones. All of them may run many times; where one is active at a',
    'time, the others stand by and take over when it dies.',
    '',
    '| Role | Does | Needs | Active side by side |',
    '| --- | --- | --- | --- |',
    ...roles.map(({ name, says, needs, instances, onlyByName }) =>
      row(
        `\`${name}\``,
        onlyByName === undefined ? says : `${says} No part of \`all\`: ${onlyByName}.`,
        name === 'all' ? 'every other' : needs.map((need) => `\`${need}\``).join(', '),
        instances === 'many' ? 'many' : `one: ${instances.oneActive}`,
      ),
    ),
  ]);
}

/** Written by hand, but for its tables. */
function scalePage(): string {
  let text = readFileSync(fileOf('docs/scale.md'), 'utf8');
  for (const [name, table] of Object.entries({ costs: costsTable(), parts: partsTable(), shards: shardsTable() })) {
    const place = new RegExp(`(<!-- ${name}[^>]*-->\n).*?(\n<!-- end -->)`, 's');
    if (!place.test(text))
      throw new Error(`docs/scale.md has no place for the table ${name}: it begins with <!-- ${name} --> and ends with <!-- end -->`);
    text = text.replace(place, `$1${table.join('\n')}$2`);
  }
  return text;
}

function page(title: string, lines: readonly string[]): string {
  return `${[`# ${title}`, '', '<!-- Written by tools/write-docs.ts from the code: change that, then run `npm run docs`. -->', '', ...lines].join('\n')}\n`;
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function fileOf(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

async function main(argv: readonly string[]): Promise<number> {
  if (argv.includes('--check')) {
    const stale = await stalePages();
    if (stale.length > 0) console.error(`stale: ${stale.join(', ')}: run \`npm run docs\` and commit the result`);
    return stale.length > 0 ? 1 : 0;
  }
  for (const { path, text } of await writtenPages()) await writeFile(fileOf(path), text);
  return 0;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
