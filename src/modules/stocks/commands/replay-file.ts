/** `kontor stocks replay`: opens the file and the books, and carries what it stores to the stream while no other relay does. */
import { type FileHandle, open } from 'node:fs/promises';
import type { Call } from '#core/command/command.ts';
import { invalidOption } from '#core/command/invalid-option.ts';
import { KontorError } from '#core/errors.ts';
import type { Settings } from '#core/module.ts';
import { waitingEntries } from '#core/outbox.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { State } from '#core/ports/state.ts';
import { relayRole } from '#core/relay.ts';
import { wrongInCompany } from '../domain/incoming.ts';
import { refusedCompany } from '../domain/instruments.ts';
import { settingsFrom } from '../domain/settings.ts';
import type { stocksOptions } from '../options.ts';
import { type CheckedFile, type CsvFile, checkCsv, type Progress, type Replayed, replayCsv } from './replay-csv.ts';

export interface ReplayRequest {
  readonly path: string;
  readonly company: string | undefined;
  readonly speed: number | 'max';
  /** Only check the file. */
  readonly dryRun: boolean;
}

export interface ReplayProgress extends Progress {
  readonly phase: 'checking' | 'storing' | 'carrying';
  readonly total: number;
}

export interface ReplayOutcome {
  /** Undefined when it was interrupted while checking. */
  readonly checked?: CheckedFile;
  /** Undefined when nothing was to be stored. */
  readonly replayed?: Replayed;
  /** Entries of the outbox that still wait for the stream: the next relay carries them. */
  readonly waiting?: number;
}

export interface ReplayWatching {
  readonly signal: AbortSignal;
  report(progress: ReplayProgress): void;
}

const pieceBytes = 256 * 1024;
const lookMs = 100;
/** When nothing moves for this long, no consumer takes from the tape at the moment. */
const maxCarryStallMs = 10_000;

export type ReplayCall = Pick<Call<object, Settings<typeof stocksOptions>>, 'settings' | 'prepare'>;

export async function replayFile(call: ReplayCall, request: ReplayRequest, watching: ReplayWatching): Promise<ReplayOutcome> {
  const { owners } = settingsFrom(call.settings);
  const { company, path } = request;
  const wrong = company === undefined ? undefined : (wrongInCompany(company) ?? refusedCompany(company, owners));
  if (wrong !== undefined) throw invalidOption('--company', wrong.message);

  const handle = await openFile(path);
  try {
    const rules = { owners, company, now: Date.now() };
    const file = await csvFile(handle, path);
    const { signal } = watching;
    const during = (phase: ReplayProgress['phase'], total: number) => ({
      signal,
      report: (progress: Progress) => watching.report({ phase, total, ...progress }),
    });

    const checked = await checkCsv(file, rules, during('checking', file.size));
    if (signal.aborted) return {};
    if (request.dryRun) return { checked };
    return await call.prepare(async (ports) => {
      let failure: unknown;
      const relay = await relayRole().start({ ports, fail: (error) => (failure ??= error) });
      try {
        const replayed = await replayCsv(ports, file, checked, { ...rules, speed: request.speed }, during('storing', checked.trades));
        const waiting = replayed.finished ? await carried(ports.state, ports.clock, during('carrying', 0)) : undefined;
        if (failure !== undefined) throw failure;
        return waiting === undefined ? { checked, replayed } : { checked, replayed, waiting };
      } finally {
        await relay.stop();
      }
    });
  } finally {
    await handle.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new KontorError('not_found', `there is no file ${path}: check its name`, { cause: error });
    throw new KontorError('invalid_input', `${path} cannot be read: ${message}`, { cause: error });
  }
}

async function csvFile(handle: FileHandle, path: string): Promise<CsvFile & { readonly size: number }> {
  const opened = await handle.stat({ bigint: true });
  if (!opened.isFile())
    throw new KontorError('invalid_input', `${path} is not a regular file; it is read twice, so write other input to a file first`);
  return {
    name: path,
    size: Number(opened.size),
    read: () => handle.createReadStream({ start: 0, autoClose: false, highWaterMark: pieceBytes }),
    async hasChanged() {
      const present = await handle.stat({ bigint: true });
      return present.size !== opened.size || present.mtimeNs !== opened.mtimeNs;
    },
  };
}

/** Waits until all that was stored is on the stream; resolves how many entries are not when nothing moves any more. */
async function carried(
  state: State,
  clock: Clock,
  { signal, report }: { signal: AbortSignal; report(progress: Progress): void },
): Promise<number> {
  let fewest = Number.POSITIVE_INFINITY;
  let movedMs = clock.monotonicMs();
  for (;;) {
    const waiting = await state.read(waitingEntries);
    if (waiting < fewest) {
      fewest = waiting;
      movedMs = clock.monotonicMs();
    }
    if (waiting === 0 || signal.aborted || clock.monotonicMs() - movedMs > maxCarryStallMs) return waiting;
    report({ done: waiting });
    await clock.sleep(lookMs, signal);
  }
}
