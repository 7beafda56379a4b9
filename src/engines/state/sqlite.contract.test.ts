/** The SQLite State keeps every promise of the State port. */
import { stateContract } from '#testkit/contracts/state.ts';
import { stateOn } from '#testkit/contracts/state-world.ts';
import { temporaryFile } from '#testkit/temporary-folder.ts';
import { openSqliteState } from './sqlite.ts';

stateContract('sqlite', stateOn({ open: openSqliteState, module: import.meta.resolve('./sqlite.ts'), address: temporaryFile }));
