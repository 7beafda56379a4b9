/** An engine as its contract needs it: opened by this process as often as a test wants, and by victims. */
import type { TestContext } from 'node:test';
import type { Opener } from '../victim.ts';

/** Where a store is, such as its `url` or its `path`. */
export type EngineAddress = Readonly<Record<string, string>>;

export interface EngineUnderTest<Engine, Options, Address extends EngineAddress> {
  readonly open: (options: NoInfer<Address> & Options) => Promise<Engine>;
  /** The module that exports `open` by its own name, such as `import.meta.resolve('./sqlite.ts')`. */
  readonly module: string;
  /** A fresh, empty store of the test's own; what it takes is released in `t.after`. */
  readonly address: (t: TestContext) => Address | Promise<Address>;
}

/** How a victim opens what `address` says. */
export function victimOpener(
  { open, module }: { readonly open: (...options: never) => unknown; readonly module: string },
  address: EngineAddress,
): Opener {
  return { module, name: open.name, options: address };
}
