/** Environment and flags → a checked Config. Reports all errors at once, each with the option, the value and what is allowed. */
import { type ErrorDetail, KontorError } from '#core/errors.ts';
import { didYouMean, editDistance } from '#core/options/nearest.ts';
import { fileVariableOf, flagOf, namesOf, type Option, type OptionTable } from '#core/options/option.ts';
import { type Config, houseOptions } from './options.ts';
import { allOptions, type ModuleOptions, optionNames } from './tables.ts';

export interface Given {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** By flag, such as `--port`; a flag wins over the environment. */
  readonly flags: ReadonlyMap<string, string>;
}

interface Setting {
  readonly name: string;
  /** The value as text, secrets hidden; undefined when it was left out and has no default. */
  readonly shown: string | undefined;
  readonly from: 'default' | 'environment' | 'flag';
}

export interface ReadConfig {
  readonly config: Config;
  /** Every option with its effective value, in the order of the table. */
  readonly settings: readonly Setting[];
  /** Names in the environment that look like typing errors. */
  readonly warnings: readonly string[];
}

export function readConfig(given: Given, modules: readonly ModuleOptions[]): ReadConfig {
  refuseUnknownFlags(given.flags, modules);
  const dataDir = textOf(houseOptions.dataDir, given).text ?? '';
  const problems: ErrorDetail[] = [];
  const settings: Setting[] = [];

  function valuesOf(table: OptionTable): Readonly<Record<string, unknown>> {
    const entries = Object.entries(table).map(([key, option]) => {
      const { text: raw, from } = textOf(option, given);
      const text = from === 'default' ? raw?.replace('{DATA_DIR}', () => dataDir) : raw;
      settings.push({ name: option.name, shown: shown(option, text), from });
      const value = text === undefined ? undefined : option.kind.parse(text);
      if (text !== undefined && value === undefined) problems.push(problem(option, text, from));
      return [key, value] as const;
    });
    return Object.fromEntries(entries);
  }

  const house = valuesOf(houseOptions);
  const ofModules = Object.fromEntries(modules.map(({ name, options }) => [name, valuesOf(options)]));
  if (problems.length > 0) {
    throw new KontorError('invalid_option', problems.map(({ message }) => message).join('\n'), { details: problems });
  }
  return { config: { ...house, modules: ofModules } as Config, settings, warnings: misspelled(given.environment, modules) };
}

function textOf(option: Option<unknown>, given: Given): { text: string | undefined; from: Setting['from'] } {
  const flag = given.flags.get(flagOf(option));
  if (flag !== undefined) return { text: flag, from: 'flag' };
  for (const name of namesOf(option)) {
    const variable = given.environment[name];
    // Compose files and shells unset a variable by leaving it empty.
    if (variable !== undefined && variable !== '') return { text: variable, from: 'environment' };
  }
  return { text: option.default, from: 'default' };
}

function problem(option: Option<unknown>, text: string, from: Setting['from']): ErrorDetail {
  const name = from === 'flag' ? flagOf(option) : namesOf(option).join(' or ');
  return { field: option.name, message: `${name} is "${shown(option, text)}", but must be ${option.kind.allows}` };
}

function shown(option: Option<unknown>, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (option.secret) return '***';
  return option.kind.hide ? option.kind.hide(text) : text;
}

function refuseUnknownFlags(flags: ReadonlyMap<string, string>, modules: readonly ModuleOptions[]): void {
  const known = allOptions(modules).map(flagOf);
  for (const flag of flags.keys()) {
    if (known.includes(flag)) continue;
    throw new KontorError('invalid_option', `there is no option ${flag}${didYouMean(flag, known)}`, {
      details: [{ field: flag, message: 'unknown' }],
    });
  }
}

/** Shorter names are one letter away from too many unrelated variables. */
const shortestSuspect = 5;

/** Looks at the lengths first: each start compares all variables with all options. */
function isSlip(option: string, name: string): boolean {
  return option.length >= shortestSuspect && Math.abs(option.length - name.length) <= 1 && editDistance(option, name) === 1;
}

/** Warnings only: the environment also holds other programs' variables. */
function misspelled(environment: Given['environment'], modules: readonly ModuleOptions[]): string[] {
  const known = optionNames(modules).flatMap((name) => [name, fileVariableOf(name)]);
  const warnings: string[] = [];
  for (const name of Object.keys(environment)) {
    if (known.includes(name)) continue;
    const unprefixed = name.replace(/^KONTOR_/, '');
    const meant = known.find((option) => option === unprefixed || isSlip(option, name));
    if (meant) warnings.push(`the environment has ${name}, which is not read; did you mean ${meant}?`);
    else if (modules.some((module) => name.startsWith(`${module.name.toUpperCase()}_`)))
      warnings.push(`the environment has ${name}, which is no option${didYouMean(name, known)}`);
  }
  return warnings;
}
