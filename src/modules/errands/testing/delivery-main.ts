/** The main program of an instance of errands-delivery for tests that kill it: feed and webhooks on a State. It sends the port it listens on. */
import type { State } from '#core/ports/state.ts';
import { openOutboxMail } from '#engines/mail/outbox.ts';
import { openPostgresState } from '#engines/state/postgres.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { realClock } from '#house/real-clock.ts';
import { realRandom } from '#house/real-random.ts';
import { silentLog } from '#testkit/log.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { testSecrets } from '#testkit/seal.ts';
import { openFetch } from '../engines/fetch/http-fetch.ts';
import { sendWebhooks } from '../roles/delivery/send-webhooks.ts';
import { startFeedInstance } from './delivery-world.ts';

/** A place of the State, and the host and port of the receiver of webhooks. */
const [place = '', receiver = ''] = process.argv.slice(2);

const common = { clock: realClock, random: realRandom, log: silentLog(), metrics: silentMetrics() };

function openState(): Promise<State> {
  const { clock, log } = common;
  return place.startsWith('postgres:') ? openPostgresState({ url: place, clock, log }) : openSqliteState({ path: place, clock, log });
}

const state = await openState();
const fetch = openFetch({ clock: realClock, rules: { allow: [receiver] } });
sendWebhooks({ ...common, state, mail: openOutboxMail(common), fetch, seal: await testSecrets().unlock() });
// It is never stopped in order.
const { port } = await startFeedInstance({ after() {} }, state);
process.send?.(port);
