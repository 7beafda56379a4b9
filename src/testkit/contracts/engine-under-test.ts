/** An engine as its contract needs it: opened repeatedly by this process, and by victims. */
import type { TestContext } from 'node:test';
import type { Opener } from '../victim.ts';

/** The address of a store, such as its `url` or `path`. */
export type EngineAddress = Readonly<Record<string, string>>;

export interface EngineUnderTest<Engine, Options, Address extends EngineAddress> {
  readonly open: (options: NoInfer<Address> & Options) => Promise<Engine>;
  /** The module that exports `open` under its function name, such as `import.meta.resolve('./sqlite.ts')`. */
  readonly module: string;
  /** A fresh, empty store for the test; its resources are released in `t.after`. */
  readonly address: (t: TestContext) => Address | Promise<Address>;
}

/** How a victim opens the store at `address`. */
export function victimOpener(
  { open, module }: { readonly open: (...options: never) => unknown; readonly module: string },
  address: EngineAddress,
): Opener {
  return { module, name: open.name, options: address };
}
