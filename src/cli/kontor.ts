/** The command `kontor`; bin/kontor.js is what starts it. */
import { clientMain, isForClient } from './client-main.ts';

// What Kontor writes is for its user only: books, keys, logs and results.
process.umask(0o077);
const argv = process.argv.slice(2);
const exitCode = isForClient(argv) ? await clientMain(argv, process.env) : await (await import('./main.ts')).main(argv, process.env);
// Not process.exit, which would cut off output to a pipe. After a second the process is ended anyway.
process.exitCode = exitCode;
setTimeout(() => process.exit(exitCode), 1_000).unref();
