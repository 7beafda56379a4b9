/** Says the table of options in words: for `--help`, and as docs/configuration.md. */
import { flagOf, type Group, type Option, optionList } from './options.ts';

const groups: readonly { readonly group: Group; readonly says: string }[] = [
  { group: 'Web', says: 'How browsers and programs reach the house.' },
  { group: 'Storage', says: 'Which engine serves which port. One process needs none of these; many processes share them.' },
  { group: 'House', says: 'Starting, stopping and checking.' },
  { group: 'People', says: 'Accounts and sessions.' },
  { group: 'Logs', says: 'Logs go to standard output.' },
  { group: 'Stocks', says: 'The stocks market.' },
  { group: 'Shop', says: 'The shop.' },
];

/** docs/configuration.md. */
export function configurationPage(): string {
  const sections = groups.map(({ group, says }) => [`## ${group}`, '', says, '', ...table(group)].join('\n'));
  return `${[
    '# Configuration',
    '',
    '<!-- Written by tools/write-docs.ts from src/config/options.ts: change that, then run `npm run docs`. -->',
    '',
    'Every option can be set in the environment or as a flag of any command (`PORT=8080 kontor up` or `kontor up --port 8080`).',
    'A flag wins over the environment; an empty variable counts as left out. `kontor config` shows what is in effect and where it came',
    'from, with secrets hidden. A value that is not allowed stops the command with exit code 2 and says what is. What must not stand in the',
    'environment can stand in a file: `STATE_URL_FILE=/run/secrets/state` is read as STATE_URL, and so with every option.',
    '',
    sections.join('\n\n'),
  ].join('\n')}\n`;
}

function table(group: Group): string[] {
  const rows = inGroup(group).map((option) => {
    const fallback = option.default === undefined ? '' : `\`${option.default}\``;
    const alias = option.alias === undefined ? '' : ` Also read from \`${option.alias}\`.`;
    return `| \`${option.name}\` | \`${flagOf(option)}\` | ${fallback} | ${cell(option.kind.allows)} | ${cell(option.doc)}${alias} |`;
  });
  return ['| Environment | Flag | Default | Allowed | Meaning |', '| --- | --- | --- | --- | --- |', ...rows];
}

/** The options as they stand at the end of `--help`. */
export function optionsHelp(): string {
  const width = Math.max(...optionList.map(([, option]) => flagOf(option).length));
  const lines = groups.flatMap(({ group }) => [
    `  ${group}`,
    ...inGroup(group).map((option) => {
      const fallback = option.default === undefined ? '' : ` [${option.default}]`;
      return `    ${flagOf(option).padEnd(width)}  ${firstSentence(option.doc)}${fallback}`;
    }),
  ]);
  return ['Options (also in the environment: --data-dir is DATA_DIR; docs/configuration.md tells more):', ...lines].join('\n');
}

function inGroup(group: Group): readonly Option<unknown>[] {
  return optionList.map(([, option]) => option).filter((option) => option.group === group);
}

function firstSentence(text: string): string {
  return /^.*?[.](?= |$)/.exec(text)?.[0] ?? text;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
