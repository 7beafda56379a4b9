/**
 * PostgreSQL that promotes by itself: three machines in small, each with PostgreSQL, Patroni, which starts and promotes it, and
 * etcd, in which the three Patroni agree on the primary. A commit is acknowledged when a second node has it, too.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { freePorts } from '#cluster/free-port.ts';
import {
  freezeProcess,
  killProcess,
  type ProcessPlan,
  readJson,
  readyWhen,
  recordProcess,
  runningProcess,
  type ServerProcess,
  type StopPlan,
  stopProcess,
} from '#cluster/processes.ts';
import { startEngineProcess } from './engine-process.ts';
import { type EnginePlace, ownedFolder, writeOwnedFile } from './place.ts';
import { database, haveDatabase, postgresNeed, postgresStop, user } from './postgres.ts';
import { type Software, softwareFor } from './software.ts';

/** Patroni stops its PostgreSQL first. */
const patroniStop = { signal: 'SIGTERM', timeoutMs: 60_000 } as const;
const etcdStop = { signal: 'SIGTERM', timeoutMs: 10_000 } as const;

const etcdNeed = { packages: ['etcd-server', 'patroni', 'python3-psycopg2'], program: 'usr/bin/etcd' };
const patroniNeed = { packages: ['patroni', 'python3-psycopg2'], program: 'usr/bin/patroni' };
const python = '/usr/bin/python3';
const nodeCount = 3;
const readyTimeoutMs = 180_000;
const host = '127.0.0.1';

/**
 * How long a primary may be silent until another node is promoted. Patroni's default is 30 s; it asks for
 * loopSeconds + 2 × retrySeconds ≤ ttlSeconds.
 */
const ttlSeconds = 6;
const loopSeconds = 1;
const retrySeconds = 2;

interface NodeSettings {
  readonly name: string;
  readonly port: number;
  readonly restPort: number;
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
}

interface Settings {
  readonly password: string;
  readonly nodes: readonly NodeSettings[];
}

interface PostgresHaNode extends ServerProcess {
  readonly name: string;
  readonly port: number;
  /** Its processes stop where they are, and connections to it stay open: as when a machine hangs. */
  freeze(): void;
  thaw(): void;
}

interface PostgresHaServer {
  /** With all hosts: the client uses the writable one. */
  readonly url: string;
  readonly folder: string;
  readonly nodes: readonly PostgresHaNode[];
  primary(): Promise<PostgresHaNode>;
  /** Resolves when all nodes run, and the primary has a synchronous replica. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

/** Nodes that run already are left running. */
export async function startPostgresHa(place: EnginePlace): Promise<PostgresHaServer> {
  const software = softwareOf(place);
  const folder = ownedFolder(place.folder);
  const settings = readJson<Settings>(settingsFile(folder)) ?? (await newSettings(folder));
  const nodes = settings.nodes.map((node) => nodeOf(folder, software, settings, node));
  const hosts = settings.nodes.map(({ port }) => `${host}:${port}`).join(',');
  const [first] = settings.nodes;
  if (first === undefined) throw new Error('A cluster needs nodes.');

  const shownPrimary = async () => {
    const { leader } = await clusterSeen(settings);
    const node = nodes.find(({ name }) => name === leader);
    if (node === undefined) throw new Error('no node is the primary');
    return node;
  };
  const looksReady = async () => {
    const seen = await clusterSeen(settings);
    if (seen.leader === undefined || !seen.hasSynchronous || seen.running < nodeCount) throw new Error(seen.says);
    // One that has just woken up may still be shown as the primary, and is about to end.
    const { port } = await shownPrimary();
    await haveDatabase(`postgres://${user}:${settings.password}@${host}:${port}/postgres`);
  };
  const when = <Seen>(look: () => Promise<Seen>) => readyWhen(patroniPlan(folder, software, first), readyTimeoutMs, look);
  const primary = () => when(shownPrimary);
  const ready = () => when(looksReady);
  // All at once: etcd and Patroni wait for each other.
  await Promise.all(nodes.map((node) => node.start()));
  await ready();
  return {
    url: `postgres://${user}:${settings.password}@${hosts}/${database}?target_session_attrs=read-write`,
    folder,
    nodes,
    primary,
    ready,
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

/** Its processes in the order in which they are stopped: etcd last, because Patroni gives up the primary's part in it. */
export function postgresHaProcesses(folder: string) {
  const names = readJson<Settings>(settingsFile(folder))?.nodes.map(({ name }) => name) ?? [];
  const part = (name: string, stop: StopPlan) => names.map((node) => ({ folder: path.join(folder, node), name, stop }));
  return [...part('patroni', patroniStop), ...part('postgres', postgresStop), ...part('etcd', etcdStop)];
}

interface HaSoftware {
  readonly postgres: Software;
  readonly patroni: Software;
  readonly etcd: Software;
}

function softwareOf({ softwareFolder }: EnginePlace): HaSoftware {
  return {
    postgres: softwareFor(postgresNeed, softwareFolder),
    etcd: softwareFor(etcdNeed, softwareFolder),
    patroni: softwareFor(patroniNeed, softwareFolder),
  };
}

async function newSettings(folder: string): Promise<Settings> {
  const ports = await freePorts(4 * nodeCount);
  const nodes = Array.from({ length: nodeCount }, (_, index) => {
    const [port = 0, restPort = 0, etcdPort = 0, etcdPeerPort = 0] = ports.slice(4 * index);
    return { name: `node${index + 1}`, port, restPort, etcdPort, etcdPeerPort };
  });
  const settings = { password: randomBytes(16).toString('hex'), nodes };
  writeOwnedFile(settingsFile(folder), JSON.stringify(settings));
  return settings;
}

function nodeOf(folder: string, software: HaSoftware, settings: Settings, node: NodeSettings): PostgresHaNode {
  const nodeFolder = path.join(folder, node.name);
  const etcd = etcdPlan(folder, software, settings, node);
  const patroni = patroniPlan(folder, software, node);
  const postgres = { name: 'postgres', folder: nodeFolder };
  /** PostgreSQL, which Patroni starts, is no descendant of it. */
  const recordPostgres = () => {
    const pid = postmasterPid(nodeFolder);
    if (pid !== undefined) recordProcess(postgres, pid);
  };
  return {
    name: node.name,
    port: node.port,
    running: () => runningProcess(patroni) !== undefined,
    async start() {
      ownedFolder(nodeFolder);
      writeOwnedFile(path.join(nodeFolder, 'patroni.json'), JSON.stringify(patroniSettings(nodeFolder, software, settings, node)));
      if (runningProcess(etcd) === undefined) await startEngineProcess(etcd);
      await readyWhen(etcd, readyTimeoutMs, () => answersWith(`http://${host}:${node.etcdPort}/health`));
      if (runningProcess(patroni) === undefined) await startEngineProcess(patroni);
      await readyWhen(patroni, readyTimeoutMs, () => answersWith(`http://${host}:${node.restPort}/liveness`));
    },
    async stop() {
      await stopProcess(patroni, patroniStop);
      await stopProcess(etcd, etcdStop);
    },
    freeze() {
      recordPostgres();
      for (const one of [patroni, postgres, etcd]) freezeProcess(one, 'SIGSTOP');
    },
    thaw() {
      for (const one of [etcd, postgres, patroni]) freezeProcess(one, 'SIGCONT');
    },
    /** As when its machine is lost: Patroni cannot react to the end of PostgreSQL, and etcd loses a voter. */
    async kill() {
      recordPostgres();
      await killProcess(patroni);
      await killProcess(postgres);
      await killProcess(etcd);
    },
  };
}

function postmasterPid(nodeFolder: string): number | undefined {
  const file = path.join(nodeFolder, 'data/postmaster.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : Number.NaN;
  return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
}

function etcdPlan(folder: string, software: HaSoftware, settings: Settings, node: NodeSettings): ProcessPlan {
  const nodeFolder = path.join(folder, node.name);
  const options = {
    name: node.name,
    'data-dir': path.join(nodeFolder, 'etcd'),
    'listen-client-urls': `http://${host}:${node.etcdPort}`,
    'advertise-client-urls': `http://${host}:${node.etcdPort}`,
    'listen-peer-urls': `http://${host}:${node.etcdPeerPort}`,
    'initial-advertise-peer-urls': `http://${host}:${node.etcdPeerPort}`,
    'enable-v2': 'true',
    'initial-cluster': settings.nodes.map(({ name, etcdPeerPort }) => `${name}=http://${host}:${etcdPeerPort}`).join(','),
    // A busy machine is slow to write: its election must not be lost for that.
    'heartbeat-interval': '200',
    'election-timeout': '2000',
    'log-level': 'warn',
  };
  return {
    name: 'etcd',
    folder: nodeFolder,
    command: software.etcd.program,
    args: Object.entries(options).map(([name, value]) => `--${name}=${value}`),
    environment: software.etcd.environment,
  };
}

function patroniPlan(folder: string, { patroni, postgres }: HaSoftware, node: NodeSettings): ProcessPlan {
  const nodeFolder = path.join(folder, node.name);
  const environment: Record<string, string> = { HOME: nodeFolder, PYTHONDONTWRITEBYTECODE: '1' };
  for (const [name, value] of Object.entries({ ...postgres.environment, ...patroni.environment })) environment[name] = value;
  if (patroni.root !== '') environment.PYTHONPATH = path.join(patroni.root, 'usr/lib/python3/dist-packages');
  return {
    name: 'patroni',
    folder: nodeFolder,
    command: python,
    args: ['-m', 'patroni', path.join(nodeFolder, 'patroni.json')],
    environment,
  };
}

/** As the recommended set-up, apart from the times, the memory and the addresses. */
function patroniSettings(nodeFolder: string, software: HaSoftware, { password, nodes }: Settings, node: NodeSettings): object {
  return {
    scope: 'kontor',
    name: node.name,
    restapi: { listen: `${host}:${node.restPort}`, connect_address: `${host}:${node.restPort}` },
    // Not etcd3: through it, a frozen primary of Patroni 3.0.2 takes its part back from the new one when it wakes up.
    etcd: { hosts: nodes.map(({ etcdPort }) => `${host}:${etcdPort}`) },
    bootstrap: {
      dcs: {
        ttl: ttlSeconds,
        loop_wait: loopSeconds,
        retry_timeout: retrySeconds,
        synchronous_mode: true,
        // Without a second node that has it, nothing is acknowledged.
        synchronous_mode_strict: true,
        postgresql: {
          use_pg_rewind: true,
          use_slots: true,
          remove_data_directory_on_rewind_failure: true,
          remove_data_directory_on_diverged_timelines: true,
          parameters: {
            max_connections: 200,
            shared_buffers: '64MB',
            max_wal_size: '1GB',
            wal_keep_size: '128MB',
            max_slot_wal_keep_size: '1GB',
            checkpoint_timeout: '15min',
            // A replica looks for the new primary this often; until it has found it, nothing is acknowledged.
            wal_retrieve_retry_interval: '1s',
          },
        },
      },
      initdb: [{ encoding: 'UTF8' }, { locale: 'C' }],
    },
    postgresql: {
      listen: `${host}:${node.port}`,
      connect_address: `${host}:${node.port}`,
      data_dir: path.join(nodeFolder, 'data'),
      bin_dir: path.dirname(software.postgres.program),
      pgpass: path.join(nodeFolder, 'pgpass'),
      parameters: { unix_socket_directories: '' },
      pg_hba: [`host all all ${host}/32 scram-sha-256`, `host replication all ${host}/32 scram-sha-256`],
      authentication: { superuser: { username: user, password }, replication: { username: 'replicator', password } },
    },
  };
}

interface SeenCluster {
  readonly leader: string | undefined;
  readonly running: number;
  readonly hasSynchronous: boolean;
  readonly says: string;
}

interface Member {
  readonly name: string;
  readonly role: string;
  readonly state: string;
}

/** As the first Patroni that answers sees it. */
async function clusterSeen({ nodes }: Settings): Promise<SeenCluster> {
  const answers = await Promise.any(nodes.map(({ restPort }) => answersWith(`http://${host}:${restPort}/cluster`)));
  const members = (JSON.parse(answers) as { members?: readonly Member[] }).members ?? [];
  const running = members.filter(({ state }) => state === 'running' || state === 'streaming');
  return {
    leader: running.find(({ role }) => role === 'leader')?.name,
    running: running.length,
    hasSynchronous: running.some(({ role }) => role === 'sync_standby'),
    says: `the cluster is ${members.map(({ name, role, state }) => `${name}: ${role}, ${state}`).join('; ')}`,
  };
}

async function answersWith(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return text;
}

function settingsFile(folder: string): string {
  return path.join(folder, 'settings.json');
}
