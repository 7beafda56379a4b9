/** Core's SQL on SQLite. */
import { coreSqlContract } from '#testkit/contracts/core-sql.ts';
import { temporaryState } from '#testkit/temporary-state.ts';

coreSqlContract('sqlite', 'sqlite', (t) => temporaryState(t));
