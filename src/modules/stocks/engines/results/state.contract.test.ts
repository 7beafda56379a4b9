/** Results in the State keep every promise of the Results port, here on SQLite. */

import { openSqliteState } from '#engines/state/sqlite.ts';
import { temporaryFile } from '#testkit/temporary-folder.ts';
import { resultsContract } from '../../testing/contract/results.ts';
import { resultsInState } from '../../testing/contract/results-in-state.ts';

const inSqlite = resultsInState({
  open: openSqliteState,
  module: import.meta.resolve('#engines/state/sqlite.ts'),
  address: temporaryFile,
});

resultsContract('state on sqlite', inSqlite);
