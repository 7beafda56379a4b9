/** Options whose values are read from files, as containers provide secrets: `STATE_URL_FILE=/run/secrets/state` for STATE_URL. */
import { readFileSync, statSync } from 'node:fs';
import { optionNames } from '#config/tables.ts';
import { invalidOption } from '#core/command/invalid-option.ts';
import { fileVariableOf } from '#core/options/option.ts';
import { modules } from '#house/modules.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const maxFileBytes = 65_536;

/** The environment with the values from files; an unreadable file is an error. */
export function withFileValues(environment: Environment): Environment {
  const values: Record<string, string> = {};
  for (const name of optionNames(modules)) {
    const path = environment[fileVariableOf(name)];
    if (path === undefined || path === '') continue;
    if (environment[name]) throw invalidOption(name, `${name} and ${fileVariableOf(name)} are both set: leave one of them out`);
    values[name] = contentOf(path, name);
  }
  return { ...environment, ...values };
}

/** Without the line break that editors and `echo` add at the end. */
function contentOf(path: string, name: string): string {
  const variable = fileVariableOf(name);
  try {
    const bytes = statSync(path).size;
    if (bytes > maxFileBytes) throw new Error(`it has ${bytes} bytes, and ${maxFileBytes} at most are read`);
    return readFileSync(path, 'utf8').trimEnd();
  } catch (error) {
    throw invalidOption(name, `${variable} names "${path}", which cannot be read: ${(error as Error).message}`);
  }
}
