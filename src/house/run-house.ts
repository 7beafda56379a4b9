/** A house as a process: opens it, runs it until a signal or a failure, and stops it in time. */
import type { Config } from '#config/options.ts';
import type { KontorError } from '#core/errors.ts';
import type { Log } from '#core/ports/log.ts';
import type { Basics } from './engines.ts';
import { giveBackMemory } from './give-back-memory.ts';
import { type House, openHouse } from './house.ts';
import { openLog } from './log.ts';
import { openMetrics } from './metrics.ts';
import { modules } from './modules.ts';
import { processHolder } from './process-holder.ts';
import { realClock } from './real-clock.ts';
import { realRandom } from './real-random.ts';

/** npm and terminals pass one Ctrl-C on twice: a second signal this soon after the first is the same request. */
const sameRequestMs = 500;
/** The share of the shutdown time that is spent draining users. */
const drainShare = 0.6;
const stopSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

export interface RunOptions {
  readonly config: Config;
  /** Warnings from reading the configuration. */
  readonly warnings: readonly string[];
  readonly roles: readonly string[];
  /** Takes connections only when every role is ready. */
  readonly whenReady?: boolean;
  /** Called when the house is open. */
  readonly onOpen: (house: House) => void;
}

/** Resolves when the house was asked to stop and has stopped; throws when it failed. */
export async function runHouse({ config, warnings, roles, whenReady = false, onOpen }: RunOptions): Promise<void> {
  const log = openLog({ level: config.logLevel, format: config.logFormat });
  for (const warning of warnings) log.warn({}, warning);
  endOnUncaughtErrors(log);
  const asked = stopRequests(log);
  const basics: Basics = { clock: realClock, random: realRandom, holder: processHolder(), log };
  const begunAt = realClock.monotonicMs();
  const house = await openUnlessStopped({ config, basics, roles, whenReady, signal: asked.signal });
  if (!house) return;
  log.info({ url: house.url, roles: house.roles, tookMs: Math.round(realClock.monotonicMs() - begunAt) }, 'the house is open');
  onOpen(house);
  void giveBackMemory(realClock, asked.signal);
  const failure = await Promise.race([house.failed, asked.stop]);
  if (failure) log.error({ err: failure }, 'the house stops, because a role failed');
  await stopInTime(house, config.shutdownTimeoutMs, failure);
  if (failure) throw failure;
  log.info({}, 'the house is closed');
}

async function openUnlessStopped(options: {
  config: Config;
  basics: Basics;
  roles: readonly string[];
  whenReady: boolean;
  signal: AbortSignal;
}): Promise<House | undefined> {
  try {
    return await openHouse({ ...options, modules, metrics: openMetrics() });
  } catch (error) {
    // A cancelled start is not a failure.
    if (options.signal.aborted) return undefined;
    throw error;
  }
}

async function stopInTime(house: House, timeoutMs: number, failure: KontorError | undefined): Promise<void> {
  const drained = new AbortController();
  const ended = new AbortController();
  const over = new AbortController();
  void realClock.sleep(timeoutMs * drainShare, over.signal).then(() => drained.abort());
  void realClock.sleep(timeoutMs, over.signal).then(() => ended.abort());
  try {
    await house.stop(drained.signal, ended.signal);
  } catch (error) {
    // Report the first failure, not one that follows from it.
    if (!failure) throw error;
  } finally {
    over.abort();
  }
}

interface StopRequests {
  /** Aborts with the first request. */
  readonly signal: AbortSignal;
  readonly stop: Promise<undefined>;
}

/** The first signal stops the house in order, the second ends it immediately. */
function stopRequests(log: Log): StopRequests {
  const asked = new AbortController();
  const stop = Promise.withResolvers<undefined>();
  let askedAt: number | undefined;
  function onSignal(name: NodeJS.Signals): void {
    const now = realClock.monotonicMs();
    if (askedAt === undefined) {
      askedAt = now;
      log.info({ signal: name }, 'stopping; a second signal ends the process at once');
      asked.abort();
      stop.resolve(undefined);
    } else if (now - askedAt > sameRequestMs) {
      log.warn({ signal: name }, 'second signal: ending at once; acknowledged work is durable');
      process.exit(1);
    }
  }
  // Never removed: a late second Ctrl-C must not turn an orderly exit into a failure.
  for (const name of stopSignals) process.on(name, onSignal);
  return { signal: asked.signal, stop: stop.promise };
}

/** After an uncaught error the memory cannot be trusted: the process ends, and the stored books stay correct. */
function endOnUncaughtErrors(log: Log): void {
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'uncaught error: ending at once; acknowledged work is durable');
    process.exit(1);
  });
}
