/** A house in one process: opens engines, migrates the books, starts roles and one web server, and stops them in reverse. */

import { isDemo } from '#config/demo.ts';
import type { Config } from '#config/options.ts';
import { KontorError } from '#core/errors.ts';
import type { Module } from '#core/module.ts';
import type { Ports } from '#core/ports/ports.ts';
import { beforeAborted } from '#core/within-time.ts';
import type { MetricsSource } from '#http/health.ts';
import { startWebServer, type WebServer } from '#http/server.ts';
import type { SessionOptions } from '#http/sessions.ts';
import type { Web } from '#http/types.ts';
import { openAccounts } from '#modules/coins/post.ts';
import { type Composition, compose } from './composition.ts';
import { type Basics, type Engines, openEngines } from './engines.ts';
import { rolesToStart } from './graph.ts';
import { Life } from './life.ts';
import { linksWarning, settingsOf } from './settings.ts';
import { version } from './version.ts';

export interface HouseOptions {
  readonly config: Config;
  readonly modules: readonly Module<Web>[];
  /** Names of the roles to run. */
  readonly roles: readonly string[];
  readonly basics: Basics;
  readonly metrics: MetricsSource;
  /** Aborts a start in progress. */
  readonly signal: AbortSignal;
}

export interface House {
  readonly url: string;
  readonly roles: readonly string[];
  /** Resolves with the first failure that stops the house; never rejects. */
  readonly failed: Promise<KontorError>;
  /** Disconnects users until `drainUntil`, then stops everything in order. Throws `timed_out` if `until` comes first. */
  stop(drainUntil: AbortSignal, until: AbortSignal): Promise<void>;
}

export async function openHouse(options: HouseOptions): Promise<House> {
  const { config, basics, metrics } = options;
  const composition = compose(config, options.modules);
  const roles = rolesToStart(composition.roles, options.roles);
  const failure = Promise.withResolvers<KontorError>();

  const warning = linksWarning(config);
  if (warning !== undefined) basics.log.warn({}, warning);
  const engines = await openEngines(config, composition, basics, { mustExist: false });
  const ports: Ports = { ...basics, ...engines, metrics: metrics.metrics };
  const life = new Life({ roles, ports, startTimeoutMs: config.startTimeoutMs, onFailure: failure.resolve });
  try {
    await prepareBooks(composition, engines, basics);
    await life.start(options.signal);
    const server = await startServer(options, composition, ports, life, failure.resolve);
    life.open();
    return {
      url: server.url,
      roles: roles.map((role) => role.name),
      failed: failure.promise,
      stop: (drainUntil, until) => stopAll(server, life, engines, drainUntil, until),
    };
  } catch (error) {
    // Report the first failure: errors during cleanup would hide it.
    const until = AbortSignal.timeout(config.shutdownTimeoutMs);
    await life.stop(until).catch(() => {});
    await beforeAborted(until, engines.close()).catch(() => {});
    throw error;
  }
}

/** Migrates the tables to this version and declares the topics. Safe to run from several processes. */
export async function prepareBooks(composition: Composition, engines: Engines, { log }: Pick<Basics, 'log'>): Promise<readonly string[]> {
  const applied = await engines.state.migrate([...engines.migrations, ...composition.migrations]);
  if (applied.length > 0) log.info({ migrations: applied }, 'brought the books to this version');
  if (composition.accounts.length > 0) await engines.state.write((queries) => openAccounts(queries, composition.accounts));
  for (const topic of composition.topics) await engines.stream.declare(topic);
  return applied;
}

function startServer(
  { config, basics, metrics }: HouseOptions,
  { modules }: Composition,
  ports: Ports,
  life: Life<Web>,
  fail: (failure: KontorError) => void,
): Promise<WebServer> {
  return startWebServer({
    host: config.host,
    port: config.port,
    allowedHosts: config.allowedHosts ?? [],
    trustedProxies: config.trustedProxies ?? [],
    ...sessionOptions(config, modules, ports),
    limits: { requestsPerMinute: config.rateLimitPerMinute },
    webs: life.webs(),
    ready: () => {
      const states = life.states();
      return {
        ready: states.every(({ ready }) => ready),
        roles: Object.fromEntries(states.map(({ role, ready, says }) => [role, { ready, says }])),
      };
    },
    fail: (error) =>
      fail(
        new KontorError('internal', `a request found the books broken: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        }),
      ),
    metrics,
    version,
    ...basics,
  });
}

/** Every process identifies callers, whichever roles it runs. */
function sessionOptions(config: Config, modules: readonly Module<Web>[], ports: Ports): { readonly sessions?: SessionOptions } {
  const [identify] = modules.flatMap((module) => module.identify?.(settingsOf(config, module), ports) ?? []);
  return identify === undefined ? {} : { sessions: { identify, demo: isDemo(config), demoOnlyLocal: config.demo === 'auto' } };
}

async function stopAll(server: WebServer, life: Life<Web>, engines: Engines, drainUntil: AbortSignal, until: AbortSignal): Promise<void> {
  // At the same time: roles say goodbye on sockets that the server is about to close.
  await Promise.all([life.drain(drainUntil), server.drain(drainUntil)]);
  await beforeAborted(until, server.stop());
  try {
    await life.stop(until);
  } finally {
    await beforeAborted(until, engines.close());
  }
}
