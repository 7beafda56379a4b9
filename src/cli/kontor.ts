/** The command `kontor`; bin/kontor.js is what starts it. */
import { main } from './main.ts';

const exitCode = await main(process.argv.slice(2), process.env);
// Not process.exit, which would cut off output to a pipe. After a second the process is ended anyway.
process.exitCode = exitCode;
setTimeout(() => process.exit(exitCode), 1_000).unref();
