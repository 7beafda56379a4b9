/** The ports that errands bring themselves. */
import type { Fetch } from './fetch.ts';
import type { Reader } from './reader.ts';

export interface OwnPorts {
  readonly fetch: Fetch;
  readonly reader: Reader;
}
