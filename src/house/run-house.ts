/** A house as a process: opened, kept until a signal or a failure, and stopped within its time. */
import type { Config } from '#config/options.ts';
import type { KontorError } from '#core/errors.ts';
import type { Log } from '#core/ports/log.ts';
import type { Basics } from './engines.ts';
import { type House, openHouse } from './house.ts';
import { openLog } from './log.ts';
import { openMetrics } from './metrics.ts';
import { modules } from './modules.ts';
import { processHolder } from './process-holder.ts';
import { realClock } from './real-clock.ts';
import { realRandom } from './real-random.ts';

/** npm and terminals hand one Ctrl-C on twice: what comes this soon after the first is the same wish. */
const sameWishMs = 500;
/** The share of the time to stop that users get to leave. */
const drainShare = 0.6;
const stopSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

export interface RunOptions {
  readonly config: Config;
  /** What reading the configuration found odd. */
  readonly warnings: readonly string[];
  readonly roles: readonly string[];
  /** Called when the house is open. */
  readonly onOpen: (house: House) => void;
}

/** Resolves when somebody asked the house to stop and it did; throws what it failed for. */
export async function runHouse({ config, warnings, roles, onOpen }: RunOptions): Promise<void> {
  const log = openLog({ level: config.logLevel, format: config.logFormat });
  for (const warning of warnings) log.warn({}, warning);
  endOnUncaughtErrors(log);
  const asked = stopRequests(log);
  const basics: Basics = { clock: realClock, random: realRandom, holder: processHolder(), log };
  const begunAt = realClock.monotonicMs();
  const house = await openUnlessStopped({ config, basics, roles, signal: asked.signal });
  if (!house) return;
  log.info({ url: house.url, roles: house.roles, tookMs: Math.round(realClock.monotonicMs() - begunAt) }, 'the house is open');
  onOpen(house);
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
  signal: AbortSignal;
}): Promise<House | undefined> {
  try {
    return await openHouse({ ...options, modules, metrics: openMetrics() });
  } catch (error) {
    // A start that was called off did not fail.
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
    // Of a house that stops because it failed, the first failure is the one to tell of.
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

/** The first signal asks the house to stop in order, the second ends it at once. */
function stopRequests(log: Log): StopRequests {
  const asked = new AbortController();
  const stop = Promise.withResolvers<undefined>();
  let askedAt: number | undefined;
  function onSignal(name: NodeJS.Signals): void {
    const now = realClock.monotonicMs();
    if (askedAt === undefined) {
      askedAt = now;
      log.info({ signal: name }, 'asked to stop; once more ends at once');
      asked.abort();
      stop.resolve(undefined);
    } else if (now - askedAt > sameWishMs) {
      log.warn({ signal: name }, 'asked to stop once more: ending at once; what was acknowledged is durable');
      process.exit(1);
    }
  }
  // For good: a second Ctrl-C that arrives while the closed house's process ends must not count as its failure.
  for (const name of stopSignals) process.on(name, onSignal);
  return { signal: asked.signal, stop: stop.promise };
}

/** After an error that nobody caught, nothing is known of what is in memory: the process ends, and the stored books stay right. */
function endOnUncaughtErrors(log: Log): void {
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'an error that nobody caught: ending at once; what was acknowledged is durable');
    process.exit(1);
  });
}
