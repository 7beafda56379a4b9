/** `npm run engines -- up rabbitmq postgres …`: real servers for tests and trials, private to this checkout. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type NginxProgram, nginxStop } from '#cluster/nginx/server.ts';
import {
  freezeProcess,
  isAlive,
  killProcess,
  type ProcessRecord,
  readJson,
  runningProcess,
  type StopPlan,
  stopProcess,
} from '#cluster/processes.ts';
import { memcachedProcesses, redisProcesses, startMemcached, startRedis } from './engines/caches.ts';
import { ferretdbProcesses, startFerretdb } from './engines/ferretdb.ts';
import { lockFileInTurn } from './engines/file-lock.ts';
import { hdfsProcesses, startHdfs } from './engines/hdfs.ts';
import { kafkaProcessNames, kafkaStop, startKafka } from './engines/kafka.ts';
import { mongodbStop, startMongodb } from './engines/mongodb.ts';
import { nginxProgram, startNginx } from './engines/nginx.ts';
import { pgbouncerStop, startPgbouncer } from './engines/pgbouncer.ts';
import { type EnginePlace, enginesFolder } from './engines/place.ts';
import { multiHostUrl, type PostgresServer, postgresStop, startPostgres, startPostgresReplica } from './engines/postgres.ts';
import { postgresHaProcesses, startPostgresHa } from './engines/postgres-ha.ts';
import { portMapperStop, rabbitmqProcessNames, rabbitmqStop, startRabbitmq } from './engines/rabbitmq.ts';
import { s3Processes, startS3 } from './engines/s3.ts';
import { sparkPython } from './engines/spark.ts';

const lockWithinMs = 300_000;

export interface RunningEngine {
  readonly url: string;
  /** The environment variables that make Kontor use it. */
  readonly environment: Readonly<Record<string, string>>;
}

interface Engine {
  readonly says: string;
  up(place: EnginePlace): Promise<RunningEngine>;
  /** Its processes, in the order in which they are stopped. */
  processes(folder: string): readonly { readonly folder: string; readonly name: string; readonly stop: StopPlan }[];
  promote?(place: EnginePlace): Promise<void>;
}

const engines: Readonly<Record<string, Engine>> = {
  postgres: {
    says: 'a PostgreSQL server',
    async up(place) {
      const { url } = await startPostgres(place);
      return { url, environment: { STATE_URL: url } };
    },
    processes: (folder) => [{ folder, name: 'postgres', stop: postgresStop }],
  },
  'postgres-pair': {
    says: 'a PostgreSQL primary with a synchronous streaming replica; `promote postgres-pair` changes their parts',
    async up(place) {
      const url = multiHostUrl(await startPair(place));
      return { url, environment: { STATE_URL: url } };
    },
    processes: (folder) =>
      pairNames(folder)
        .toReversed()
        .map((name) => ({ folder: path.join(folder, name), name: 'postgres', stop: postgresStop })),
    promote: promotePair,
  },
  'postgres-ha': {
    says: 'PostgreSQL on three nodes with Patroni and etcd, which promote a synchronous replica by themselves',
    async up(place) {
      const { url } = await startPostgresHa(place);
      return { url, environment: { STATE_URL: url } };
    },
    processes: postgresHaProcesses,
  },
  pgbouncer: {
    says: 'a PostgreSQL server behind PgBouncer in transaction mode',
    async up(place) {
      const { url } = await startPgbouncer(place, (await startPostgres({ ...place, folder: path.join(place.folder, 'server') })).url);
      return { url, environment: { STATE_URL: url } };
    },
    processes: (folder) => [
      { folder, name: 'pgbouncer', stop: pgbouncerStop },
      { folder: path.join(folder, 'server'), name: 'postgres', stop: postgresStop },
    ],
  },
  rabbitmq: {
    says: 'a RabbitMQ node with its admin page',
    up: (place) => upRabbitmq(place, 1),
    processes: rabbitmqProcesses,
  },
  'rabbitmq-cluster': {
    says: 'a RabbitMQ cluster of three nodes',
    up: (place) => upRabbitmq(place, 3),
    processes: rabbitmqProcesses,
  },
  kafka: {
    says: 'a Kafka node',
    up: (place) => upKafka(place, 1),
    processes: kafkaProcesses,
  },
  'kafka-cluster': {
    says: 'a Kafka cluster of three nodes',
    up: (place) => upKafka(place, 3),
    processes: kafkaProcesses,
  },
  mongodb: {
    says: 'a stand-in for MongoDB (mongo-java-server, one node), as no package registry has its own server',
    async up(place) {
      const { url } = await startMongodb(place);
      return { url, environment: { RESULTS_URL: url } };
    },
    processes: (folder) => [{ folder, name: 'mongodb', stop: mongodbStop }],
  },
  ferretdb: {
    says: 'FerretDB on a PostgreSQL, for what needs a real server with the protocol of MongoDB; Go builds it, which takes minutes',
    async up(place) {
      const { url } = await startFerretdb(place);
      return { url, environment: { RESULTS_URL: url } };
    },
    processes: ferretdbProcesses,
  },
  hdfs: { says: 'HDFS with a NameNode and a DataNode', up: startHdfs, processes: hdfsProcesses },
  s3: { says: 'an S3 server (S3Proxy) with one bucket', up: startS3, processes: s3Processes },
  memcached: { says: 'two memcached nodes', up: startMemcached, processes: memcachedProcesses },
  redis: { says: 'a Redis server', up: startRedis, processes: redisProcesses },
  spark: {
    says: 'Spark in a Python environment, without a server: its address is the Python that has it',
    up: async ({ softwareFolder }) => ({ url: sparkPython(softwareFolder), environment: {} }),
    processes: () => [],
  },
  nginx: {
    says: 'an NGINX that answers',
    async up(place) {
      const { url } = await startNginx(place);
      return { url, environment: { NGINX_URL: url } };
    },
    processes: (folder) => [{ folder, name: 'nginx', stop: nginxStop }],
  },
};

export const engineNames: readonly string[] = Object.keys(engines);

/** Where and how `kontor cluster` runs the NGINX in front of its processes. */
export function clusterNginx(port: number): { readonly program: NginxProgram; readonly folder: string } {
  const { folder, softwareFolder } = placeOf(`cluster-nginx-${port}`);
  return { program: nginxProgram(softwareFolder), folder };
}

/** Starts engines that do not run yet; resolves when all answer. Safe to call from several processes at once. */
export async function upEngines(names: readonly string[]): Promise<Record<string, RunningEngine>> {
  const running: Record<string, RunningEngine> = {};
  for (const name of names) {
    const engine = engineCalled(name);
    running[name] = await locked(name, () => engine.up(placeOf(name)));
  }
  return running;
}

/** Stops engines that `upEngines` started, and returns those that ran. Their data is kept. */
export async function downEngines(names: readonly string[]): Promise<readonly string[]> {
  const stopped: string[] = [];
  for (const name of names) {
    const engine = engineCalled(name);
    await locked(name, async () => {
      for (const part of engine.processes(placeOf(name).folder)) {
        if ((await stopProcess(part, part.stop)) && !stopped.includes(name)) stopped.push(name);
      }
    });
  }
  return stopped;
}

/** An engine for one owner alone: it has its own data, and may be killed. */
export interface OwnEngine {
  readonly name: string;
  /** Starts it, or what of it does not run; resolves when it answers. */
  up(): Promise<RunningEngine>;
  /** kill -9 of all its processes. */
  kill(): Promise<void>;
  /** Stops its processes where they are, or lets them go on. */
  freeze(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** kill -9 of the node that is active, where another takes over by itself; resolves what starts it again. */
  loseActive: (() => Promise<() => Promise<void>>) | undefined;
  /** Stops it, and removes its data. */
  remove(): Promise<void>;
}

/** `owner` tells its folder from those of others. */
export function ownEngine(name: string, owner: string): OwnEngine {
  const engine = engineCalled(name);
  const softwareFolder = enginesFolder();
  const folder = path.join(softwareFolder, `${owner}-${name}`);
  return {
    name,
    up: () => engine.up({ folder, softwareFolder }),
    kill: () => killPartsOf(engine, folder),
    freeze(signal) {
      for (const part of engine.processes(folder)) freezeProcess(part, signal);
    },
    loseActive: name === 'postgres-ha' ? () => losePrimary({ folder, softwareFolder }) : undefined,
    async remove() {
      for (const part of engine.processes(folder)) await stopProcess(part, part.stop);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function losePrimary(place: EnginePlace): Promise<() => Promise<void>> {
  const server = await startPostgresHa(place);
  const primary = await server.primary();
  await primary.kill();
  return () => primary.start().then(() => server.ready());
}

/** kill -9 of all processes of the engine, as when its machine loses power. Its data are kept. */
export async function killEngine(name: string): Promise<void> {
  await killPartsOf(engineCalled(name), placeOf(name).folder);
}

async function killPartsOf(engine: Engine, folder: string): Promise<void> {
  await Promise.all(engine.processes(folder).map(killProcess));
}

/** Whether any process of the engine runs. */
export function isEngineUp(name: string): boolean {
  return engineCalled(name)
    .processes(placeOf(name).folder)
    .some((part) => runningProcess(part) !== undefined);
}

function engineCalled(name: string): Engine {
  const engine = engines[name];
  if (engine === undefined) throw new Error(`There is no engine "${name}"; there are ${engineNames.join(', ')}.`);
  return engine;
}

/** The place of an engine; tests that start servers use another folder and the same software. */
export function placeOf(name: string): EnginePlace {
  const folder = enginesFolder();
  return { folder: path.join(folder, name), softwareFolder: folder };
}

/** The first is the primary. */
async function startPair(place: EnginePlace): Promise<readonly [PostgresServer, PostgresServer]> {
  const [primaryName, replicaName] = pairNames(place.folder);
  mkdirSync(place.folder, { recursive: true });
  const primary = await startPostgres({ ...place, folder: path.join(place.folder, primaryName) });
  const replica = await startPostgresReplica({ ...place, folder: path.join(place.folder, replicaName) }, primary, { synchronous: true });
  return [primary, replica];
}

/** Deletes the old primary, which may hold commits that the replica never received; `up` copies it again. */
async function promotePair(place: EnginePlace): Promise<void> {
  const [primaryName, replicaName] = pairNames(place.folder);
  const replica = await startPostgres({ ...place, folder: path.join(place.folder, replicaName) });
  const oldFolder = path.join(place.folder, primaryName);
  await stopProcess({ folder: oldFolder, name: 'postgres' }, postgresStop);
  await replica.promote();
  rmSync(oldFolder, { recursive: true, force: true });
  writeFileSync(pairFile(place.folder), JSON.stringify([replicaName, primaryName]));
}

function pairNames(folder: string): readonly [string, string] {
  return readJson<[string, string]>(pairFile(folder)) ?? ['one', 'two'];
}

function pairFile(folder: string): string {
  return path.join(folder, 'pair.json');
}

async function upRabbitmq(place: EnginePlace, nodes: number): Promise<RunningEngine> {
  const server = await startRabbitmq({ ...place, nodes });
  return { url: server.url, environment: { STREAM_URL: server.url, RABBITMQ_ADMIN_URL: server.adminUrl } };
}

function rabbitmqProcesses(folder: string) {
  const nodes = rabbitmqProcessNames(folder).map((name) => ({ folder, name, stop: rabbitmqStop }));
  return nodes.length === 0 ? [] : [...nodes, { folder, name: 'port-mapper', stop: portMapperStop }];
}

async function upKafka(place: EnginePlace, nodes: number): Promise<RunningEngine> {
  const server = await startKafka({ ...place, nodes });
  const tunnels = server.nodes.map(({ tunnel }) => `${tunnel.proxyPort}:${tunnel.targetPort}`).join(',');
  return { url: server.url, environment: { STREAM_URL: server.url, KAFKA_TUNNELS: tunnels } };
}

function kafkaProcesses(folder: string) {
  return kafkaProcessNames(folder).map((name) => ({ folder, name, stop: kafkaStop }));
}

/** One `up` or `down` of an engine at a time on this machine. */
async function locked<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const lock = await lockFileInTurn(path.join(enginesFolder(), `${name}.lock.db`), lockWithinMs);
  if (lock === undefined) throw new Error(`Another command has been changing ${name} for 5 minutes: wait for it, or stop it.`);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

const help = `Real servers for tests and trials, on private ports of 127.0.0.1, with private folders under ./.engines.

Usage: npm run engines -- COMMAND [ENGINE...]

  up ENGINE...      start them, or find them running; prints their addresses as environment lines
  down [ENGINE...]  stop them (all when none is named); their data stay
  status            what runs
  promote ENGINE    make the replica the primary

Engines:
${Object.entries(engines)
  .map(([name, engine]) => `  ${name.padEnd(18)}${engine.says}`)
  .join('\n')}

Programs come from this system where it has them, else from Debian's packages, unpacked into the private folder
(no root needed, no service started); Kafka, HDFS, S3 and the stand-in
for MongoDB come from Maven, and need a JDK. Only processes that this command started are ever stopped.
`;

async function main(args: readonly string[]): Promise<number> {
  const [command, ...names] = args;
  if (command === undefined || args.includes('--help') || args.includes('-h') || command === 'help') {
    console.log(help);
    return command === undefined ? 2 : 0;
  }
  for (const name of names) engineCalled(name);
  switch (command) {
    case 'up': {
      if (names.length === 0) throw new Error(`Name at least one engine: ${engineNames.join(', ')}.`);
      for (const [name, engine] of Object.entries(await upEngines(names))) {
        console.log(`# ${name}`);
        for (const [variable, value] of Object.entries(engine.environment)) console.log(`${variable}=${value}`);
      }
      return 0;
    }
    case 'down': {
      const stopped = await downEngines(names.length === 0 ? engineNames : names);
      console.log(stopped.length === 0 ? 'Nothing was running.' : `Stopped: ${stopped.join(', ')}.`);
      return 0;
    }
    case 'status':
      for (const name of engineNames) console.log(`${name.padEnd(18)}${statusOf(name)}`);
      return 0;
    case 'promote': {
      const [name = ''] = names;
      const promote = engineCalled(name).promote;
      if (promote === undefined) throw new Error(`${name} has no replica to promote.`);
      await locked(name, () => promote(placeOf(name)));
      console.log('Promoted. `up` makes the other one its replica.');
      return 0;
    }
    default:
      throw new Error(`There is no command "${command}": up, down, status or promote (see --help).`);
  }
}

function statusOf(name: string): string {
  const { folder } = placeOf(name);
  const parts = engineCalled(name).processes(folder);
  const running = parts
    .map((part) => runningProcess(part))
    .filter((record): record is ProcessRecord => record !== undefined && isAlive(record));
  if (running.length === 0) return 'down';
  return `${running.length === parts.length ? 'up' : `${running.length} of ${parts.length} processes up`}, process ${running.map((record) => record.pid).join(', ')}, in ${folder}`;
}

if (import.meta.main) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
