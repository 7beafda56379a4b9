/** The command `kontor`; bin/kontor.js is what starts it. */
import { main } from './main.ts';

const exitCode = await main(process.argv.slice(2), process.env);
// Not process.exit: what was printed to a pipe would be cut off. What still holds the process after a second is ended.
process.exitCode = exitCode;
setTimeout(() => process.exit(exitCode), 1_000).unref();
