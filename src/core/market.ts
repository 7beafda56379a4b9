/** What the house must know of a market: plain data. */
import type { Law } from './laws/law.ts';
import type { Migration } from './ports/state.ts';
import type { Topic } from './ports/stream.ts';
import type { Role } from './role.ts';

export interface Market<Web = unknown> {
  readonly name: string;
  readonly migrations: readonly Migration[];
  readonly topics: readonly Topic[];
  readonly roles: readonly Role<Web>[];
  readonly laws: readonly Law[];
}
