/** Everything a role gets from outside. The house chooses the engines. */

import type { Cache } from './cache.ts';
import type { Clock } from './clock.ts';
import type { Holder } from './holder.ts';
import type { Lake } from './lake.ts';
import type { Log } from './log.ts';
import type { Mail } from './mail.ts';
import type { Metrics } from './metrics.ts';
import type { Random } from './random.ts';
import type { Secrets } from './secrets.ts';
import type { State } from './state.ts';
import type { Stream } from './stream.ts';

export interface Ports {
  readonly state: State;
  readonly stream: Stream;
  readonly cache: Cache;
  readonly lake: Lake;
  readonly mail: Mail;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly random: Random;
  readonly holder: Holder;
  readonly log: Log;
  readonly metrics: Metrics;
}
