/** Core's SQL on SQLite. */
import { corePresenceContract } from '#testkit/contracts/core-presence.ts';
import { coreSqlContract } from '#testkit/contracts/core-sql.ts';
import { temporaryState } from '#testkit/temporary-state.ts';

coreSqlContract('sqlite', 'sqlite', (t) => temporaryState(t));
corePresenceContract('sqlite', (t) => temporaryState(t));
