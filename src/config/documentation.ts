/** Describes the options for `--help` and docs/configuration.md. */
import { flagOf, type Option } from '#core/options/option.ts';
import { allOptions, type ModuleOptions } from './tables.ts';

const houseGroups: readonly Section[] = [
  { group: 'Web', says: 'How browsers and programs reach the house.' },
  { group: 'Storage', says: 'Which engine serves which port. One process needs none of these; many processes share them.' },
  { group: 'House', says: 'Starting, stopping and checking.' },
  { group: 'Logs', says: 'Logs go to standard output.' },
];

interface Section {
  readonly group: string;
  readonly says: string;
}

interface FilledSection extends Section {
  readonly options: readonly Option<unknown>[];
}

/** The house's groups, then one per module. A module's option may be in a group of the house. */
function sectionsOf(modules: readonly ModuleOptions[]): readonly FilledSection[] {
  const options = allOptions(modules);
  const ofModules = modules.map(({ name, says }) => ({ group: `${name.charAt(0).toUpperCase()}${name.slice(1)}`, says }));
  return [...houseGroups, ...ofModules]
    .map((section) => ({ ...section, options: options.filter(({ group }) => group === section.group) }))
    .filter((section) => section.options.length > 0);
}

/** docs/configuration.md. */
export function configurationPage(modules: readonly ModuleOptions[]): string {
  const sections = sectionsOf(modules).map(({ group, says, options }) => [`## ${group}`, '', says, '', ...table(options)].join('\n'));
  return `${[
    '# Configuration',
    '',
    '<!-- Written by tools/write-docs.ts from the tables of options (src/config/options.ts, src/modules/*/options.ts): change those, then run `npm run docs`. -->',
    '',
    'Every option can be set in the environment or as a flag of any command (`PORT=8080 kontor up` or `kontor up --port 8080`).',
    'A flag wins over the environment; an empty variable counts as left out. `kontor config` shows what is in effect and where it came',
    'from, with secrets hidden. A value that is not allowed stops the command with exit code 2 and says what is. What must not stand in the',
    'environment can stand in a file: `STATE_URL_FILE=/run/secrets/state` is read as STATE_URL, and so with every option.',
    '',
    sections.join('\n\n'),
  ].join('\n')}\n`;
}

function table(options: readonly Option<unknown>[]): string[] {
  const rows = options.map((option) => {
    const fallback = option.default === undefined ? '' : `\`${option.default}\``;
    const alias = option.alias === undefined ? '' : ` Also read from \`${option.alias}\`.`;
    return `| \`${option.name}\` | \`${flagOf(option)}\` | ${fallback} | ${cell(option.kind.allows)} | ${cell(option.doc)}${alias} |`;
  });
  return ['| Environment | Flag | Default | Allowed | Meaning |', '| --- | --- | --- | --- | --- |', ...rows];
}

/** The options at the end of `--help`. */
export function optionsHelp(modules: readonly ModuleOptions[]): string {
  const width = Math.max(...allOptions(modules).map((option) => flagOf(option).length));
  const lines = sectionsOf(modules).flatMap(({ group, options }) => [
    `  ${group}`,
    ...options.map((option) => {
      const fallback = option.default === undefined ? '' : ` [${option.default}]`;
      return `    ${flagOf(option).padEnd(width)}  ${firstSentence(option.doc)}${fallback}`;
    }),
  ]);
  return ['Options (also in the environment: --data-dir is DATA_DIR; docs/configuration.md tells more):', ...lines].join('\n');
}

function firstSentence(text: string): string {
  return /^.*?[.](?= |$)/.exec(text)?.[0] ?? text;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
