/** The ports that the stocks market brings itself. */
import type { Ports } from '#core/ports/ports.ts';
import type { Inbox } from './inbox.ts';
import type { Results } from './results.ts';

export interface OwnPorts {
  readonly results: Results;
  /** Only where an address for it was given. */
  readonly inbox?: Inbox | undefined;
}

export type StocksPorts = Ports & OwnPorts;
