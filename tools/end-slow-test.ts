/** Loaded into the process of each test file: ends it when its time is over. The test runner itself waits for a process that a socket or a timer keeps open. */
const seconds = process.env.KONTOR_TEST_FILE_SECONDS;
const timer = seconds === undefined ? undefined : setTimeout(end, Number(seconds) * 1000).unref();

function end(): void {
  console.error(`This file of tests is ended after ${seconds} s. What kept it: ${process.getActiveResourcesInfo().join(', ')}.`);
  process.exit(1);
}

/** After a wait for other files, which is not the fault of this one. */
export function restartFileTime(): void {
  timer?.refresh();
}
