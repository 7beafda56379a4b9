/** Who may trade a code on the tape: the publisher, the module whose goods it stands for, or senders from outside. */
import type { ErrorDetail } from '#core/errors.ts';
import { fieldRefusal } from '#core/refuse.ts';
import { stocksRefusals } from '../refusals.ts';

export interface CodeOwners {
  readonly simulated: ReadonlySet<string>;
  /** Names of modules. Their instruments are called `MODULE.X`, such as SHOP.TEA, and only their sales are trades of them. */
  readonly moduleNames: readonly string[];
}

/** The module whose instrument it is. */
export function moduleOf(code: string, moduleNames: readonly string[]): string | undefined {
  return moduleNames.find((name) => code.startsWith(`${name.toUpperCase()}.`));
}

/** Why trades of it are not taken in from outside, or undefined. */
export function refusedCompany(code: string, { simulated, moduleNames }: CodeOwners, field = 'company'): ErrorDetail | undefined {
  const module = moduleOf(code, moduleNames);
  if (module !== undefined) return fieldRefusal(stocksRefusals, 'company-of-module', field, { company: code, module });
  if (!simulated.has(code)) return undefined;
  return fieldRefusal(stocksRefusals, 'company-simulated', field, { company: code, other: `${code.slice(0, 10)}.X` });
}
