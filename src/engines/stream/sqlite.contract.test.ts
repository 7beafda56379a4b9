/** The SQLite Stream keeps every promise of the Stream port. */
import { streamContract } from '#testkit/contracts/stream.ts';
import { streamOn } from '#testkit/contracts/stream-world.ts';
import { temporaryFile } from '#testkit/temporary-folder.ts';
import { openSqliteStream } from './sqlite.ts';

streamContract('sqlite', streamOn({ open: openSqliteStream, module: import.meta.resolve('./sqlite.ts'), address: temporaryFile }));
