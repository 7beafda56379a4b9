/** Progress of a long command: one changing line on a terminal, an occasional line in a file. */
import type { ProgressLine } from '#core/command/command.ts';

const terminalEveryMs = 200;
const fileEveryMs = 10_000;
/** What takes less is not worth a word. */
const soonMs = 1_000;

/** Writes to stderr, so that stdout holds only the answer. */
export function progressLine(output: NodeJS.WriteStream = process.stderr): ProgressLine {
  const everyMs = output.isTTY ? terminalEveryMs : fileEveryMs;
  let shownMs = performance.now() - (output.isTTY ? everyMs : 0);
  let isThere = false;
  return {
    show(text) {
      if (performance.now() - shownMs < everyMs) return;
      shownMs = performance.now();
      // Cut to the terminal's width: a wrapped line cannot be erased.
      if (output.isTTY) output.write(`\r\u001B[2K${text().slice(0, (output.columns ?? 80) - 1)}`);
      else output.write(`${text()}\n`);
      isThere = true;
    },
    clear() {
      if (isThere && output.isTTY) output.write('\r\u001B[2K');
      isThere = false;
    },
  };
}

/** Shows what a command waits for, and for how long so far, once it takes more than a second. */
export async function waitFor<Result>(says: () => string, work: Promise<Result>, line: ProgressLine = progressLine()): Promise<Result> {
  const beganMs = performance.now();
  const timer = setInterval(() => {
    const tookMs = performance.now() - beganMs;
    if (tookMs >= soonMs) line.show(() => `${says()} … ${Math.floor(tookMs / 1_000)} s`);
  }, terminalEveryMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    line.clear();
  }
}
