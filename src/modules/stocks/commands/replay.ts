/** `kontor stocks replay FILE.csv`: puts your trades on the tape, each row once however often it is run. */
import type { Command } from '#core/command/command.ts';
import { invalidOption } from '#core/command/invalid-option.ts';
import { KontorError } from '#core/errors.ts';
import type { Settings } from '#core/module.ts';
import { readableNumber } from '#core/readable-number.ts';
import type { stocksOptions } from '../options.ts';
import type { ReplayOutcome, ReplayProgress } from './replay-file.ts';

/** The usual exit code after Ctrl-C. */
const interrupted = 130;
const maxSpeed = 1_000_000;

export const stocksReplayCommand: Command<object, Settings<typeof stocksOptions>> = {
  name: 'stocks replay',
  usage: 'FILE.csv',
  says: 'Puts a file of your trades on the tape.',
  details: [
    'The header names the columns: company, side (buy or sell), price (123.45) or priceCents (12345), quantity, and at (a time with',
    'its offset such as 2026-01-31T09:30:00.250Z, or milliseconds since 1970); others are ignored. Commas, semicolons or tabs separate.',
    'The file is checked first, and nothing is stored if a row is bad. Interrupted or run again, it continues where it was: each',
    'row is stored once. It works beside a running house; without one, the trades are counted when the house is next up.',
  ].join('\n'),
  flags: [
    { name: '--company', value: 'CODE', says: 'Take all rows as trades of this company, whatever the file says.' },
    {
      name: '--speed',
      value: 'N|max',
      says: 'How many times faster than it happened: 1 is the original speed. As fast as possible if left out.',
    },
    { name: '--dry-run', says: 'Only check the file.' },
  ],
  operands: { min: 1, max: 1 },
  async run(call) {
    const { operands, flag, print, note } = call;
    const [path = ''] = operands;
    const speed = parseSpeed(flag('--speed') ?? 'max');
    const { replayFile } = await import('./replay-file.ts');
    const interruption = new AbortController();
    const interrupt = () => interruption.abort();
    // Once: a second Ctrl-C ends the process at once, which loses nothing either.
    process.once('SIGINT', interrupt);
    process.once('SIGTERM', interrupt);
    const line = call.progress();
    try {
      const outcome = await replayFile(
        call,
        { path, company: flag('--company'), speed, dryRun: flag('--dry-run') !== undefined },
        { signal: interruption.signal, report: (progress) => line.show(() => progressText(progress)) },
      );
      line.clear();
      for (const sentence of outcomeText(outcome)) print(sentence);
      return interruption.signal.aborted ? interrupted : 0;
    } catch (error) {
      line.clear();
      if (error instanceof KontorError && error.code === 'invalid_input')
        for (const { field, message } of error.details) note(`${field}: ${message}`);
      throw error;
    } finally {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    }
  },
};

function parseSpeed(text: string): number | 'max' {
  if (text === 'max') return 'max';
  const speed = /^\d{1,7}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (speed > 0 && speed <= maxSpeed) return speed;
  const message = `--speed is "${text}", but must be a number above 0 and up to ${readableNumber(maxSpeed)}, or max`;
  throw invalidOption('--speed', message);
}

function progressText({ phase, done, total, waitsFor }: ReplayProgress): string {
  if (phase === 'carrying') return `stored; ${readableNumber(done)} entries are on their way to the tape`;
  const share = `${total === 0 ? 100 : Math.floor((done / total) * 100)} %`;
  if (phase === 'checking') return `checking: ${share} of ${readableNumber(total)} bytes`;
  return `storing: ${share}, ${readableNumber(done)} of ${readableNumber(total)} trades${waitsFor === undefined ? '' : `; waiting: ${waitsFor}`}`;
}

function outcomeText({ checked, replayed, waiting = 0 }: ReplayOutcome): string[] {
  if (!checked) return ['stopped while checking; nothing was stored'];
  const sentences: string[] = [];
  const companies = checked.companies === 1 ? 'one company' : `${readableNumber(checked.companies)} companies`;
  if (!replayed) sentences.push(`the file is good: ${readableNumber(checked.trades)} trades of ${companies}; nothing was stored`);
  else if (!replayed.finished) {
    sentences.push(
      `stopped after ${readableNumber(replayed.before + replayed.stored)} of ${readableNumber(checked.trades)} trades; run the same again to continue`,
    );
  } else if (replayed.stored === 0)
    sentences.push(`nothing to add: all ${readableNumber(checked.trades)} trades of this file were stored before`);
  else {
    const before = replayed.before === 0 ? '' : `; ${readableNumber(replayed.before)} were stored before`;
    sentences.push(`stored ${readableNumber(replayed.stored)} trades of ${companies}${before}`);
  }
  if (waiting > 0) sentences.push(`${readableNumber(waiting)} entries still wait to be carried to the tape; a running house does it`);
  return sentences;
}
