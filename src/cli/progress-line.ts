/** How far a long command is: one line that changes on a terminal, a line now and then in a file. */
import type { ProgressLine } from '#core/command/command.ts';

const terminalEveryMs = 200;
const fileEveryMs = 10_000;

/** `output` is where the person looks: stderr, so that the answer on stdout stays clean. */
export function progressLine(output: NodeJS.WriteStream = process.stderr): ProgressLine {
  const everyMs = output.isTTY ? terminalEveryMs : fileEveryMs;
  let shownMs = performance.now() - (output.isTTY ? everyMs : 0);
  let isThere = false;
  return {
    show(text) {
      if (performance.now() - shownMs < everyMs) return;
      shownMs = performance.now();
      // Cut to the width: a line that wraps cannot be taken away again.
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
