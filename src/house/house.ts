/** A house in one process: opens engines, migrates the books, starts roles and one web server, and stops them in reverse. */

import { hostname } from 'node:os';
import { isDemo } from '#config/demo.ts';
import type { Config } from '#config/options.ts';
import { KontorError } from '#core/errors.ts';
import type { Module } from '#core/module.ts';
import type { Ports } from '#core/ports/ports.ts';
import { beforeAborted } from '#core/within-time.ts';
import { startWebServer, type WebServer } from '#http/server.ts';
import type { SessionOptions } from '#http/sessions.ts';
import type { Web } from '#http/types.ts';
import { openAccounts } from '#modules/coins/post.ts';
import { clusterPlugs, nameInCluster } from './cluster-plugs.ts';
import { type Composition, compose } from './composition.ts';
import { openFolderWarning } from './data-folder.ts';
import { type Basics, type Engines, openEngines } from './engines.ts';
import { isGroup, rolesToStart } from './graph.ts';
import { Life } from './life.ts';
import type { OpenMetrics } from './metrics.ts';
import { type RunningPresence, startPresence } from './presence.ts';
import { ProcessFaults } from './process-faults.ts';
import { RolePulls } from './role-pulls.ts';
import { linksWarning, settingsOf } from './settings.ts';
import { version } from './version.ts';
import { wholeHouse } from './whole-house.ts';

const maxNameLength = 60;

export interface HouseOptions {
  readonly config: Config;
  readonly modules: readonly Module<Web>[];
  /** Names of the roles to run. */
  readonly roles: readonly string[];
  readonly basics: Basics;
  readonly metrics: OpenMetrics;
  /** Aborts a start in progress. */
  readonly signal: AbortSignal;
  /** Takes connections only when every role is ready, or when roles have had `startTimeoutMs` for it. */
  readonly whenReady?: boolean;
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
  const { config, metrics } = options;
  const { clusterControl: control } = config;
  const faults = control === undefined ? undefined : new ProcessFaults({ control, ...options.basics });
  const basics: Basics = { ...options.basics, clock: faults?.cord.clock(options.basics.clock) ?? options.basics.clock };
  const composition = compose(config, options.modules);
  const roles = rolesToStart(composition.roles, options.roles);
  const failure = Promise.withResolvers<KontorError>();

  const warning = linksWarning(config);
  if (warning !== undefined) basics.log.warn({}, warning);
  const engines = await openEngines(config, composition, basics, { mustExist: false, cord: faults?.cord });
  const openFolder = await openFolderWarning(config.dataDir);
  if (openFolder !== undefined) basics.log.warn({}, openFolder);
  const ports: Ports = { ...basics, ...engines, metrics: metrics.metrics };
  const life: Life<Web> = new Life({ roles, ports, startTimeoutMs: config.startTimeoutMs, onFailure: failure.resolve });
  const pulls = new RolePulls({ life, fail: failure.resolve, ...basics });
  const plugs = control === undefined ? pulls : clusterPlugs(control);
  try {
    await prepareBooks(composition, engines, basics);
    await life.start(options.signal, wholeHouse(config, composition, options.roles, plugs));
    if (options.whenReady === true) {
      life.open();
      await life.ready(options.signal);
    }
    const server = await startServer({ ...options, basics }, composition, ports, life, failure.resolve);
    life.open();
    faults?.listen();
    const presence = present(options, composition, ports, life);
    return {
      url: server.url,
      roles: roles.map((role) => role.name),
      failed: failure.promise,
      stop: (drainUntil, until) => stopAll({ server, life, pulls, faults, presence, engines }, drainUntil, until),
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
    limits: {
      requestsPerMinute: config.rateLimitPerMinute,
      openPerAddress: config.socketsPerAddress,
      openPerAccount: config.socketsPerAccount,
    },
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

/** Every process tells of itself, whichever roles it runs. */
function present({ config, metrics, roles }: HouseOptions, { pulses }: Composition, ports: Ports, life: Life<Web>): RunningPresence {
  return startPresence({
    ports,
    name: config.clusterControl === undefined ? roles.join(' ').slice(0, maxNameLength) : nameInCluster(config.clusterControl),
    host: hostname(),
    version,
    roles: () => life.states().filter(({ role }) => !isGroup(role)),
    partitions: () => life.partitions(),
    pulses: { counters: pulses, total: metrics.total },
  });
}

interface OpenParts {
  readonly server: WebServer;
  readonly life: Life<Web>;
  readonly pulls: RolePulls;
  readonly faults: ProcessFaults | undefined;
  readonly presence: RunningPresence;
  readonly engines: Engines;
}

async function stopAll(
  { server, life, pulls, faults, presence, engines }: OpenParts,
  drainUntil: AbortSignal,
  until: AbortSignal,
): Promise<void> {
  if (faults !== undefined) await beforeAborted(until, faults.close());
  // At the same time: roles say goodbye on sockets that the server is about to close.
  await Promise.all([life.drain(drainUntil), server.drain(drainUntil)]);
  await beforeAborted(until, server.stop());
  await beforeAborted(until, pulls.close());
  try {
    // Without the State, the row stays, and others take this process for dead, which it soon is.
    await presence.stop(until).catch(() => {});
    await life.stop(until);
  } finally {
    await beforeAborted(until, engines.close());
  }
}
