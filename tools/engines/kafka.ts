/** Apache Kafka on this machine, in KRaft mode: one node, or a cluster of three. Each node is broker and controller. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { accepts } from '#cluster/accepts.ts';
import { freePorts } from '#cluster/free-port.ts';
import { killProcess, type ProcessPlan, readJson, readyWhen, runningProcess, type ServerProcess, stopProcess } from '#cluster/processes.ts';
import { startEngineProcess } from './engine-process.ts';
import { fetchedJars } from './maven.ts';
import { asEngineUser, type EnginePlace, ownedFolder, writeOwnedFile } from './place.ts';

export const kafkaStop = { signal: 'SIGTERM', timeoutMs: 30_000 } as const;

const version = '4.4.0';
const need = {
  program: 'Kafka',
  folder: `kafka-${version}`,
  artifacts: [`org.apache.kafka:kafka_2.13:${version}`, 'org.slf4j:slf4j-simple:1.7.36'],
};
const readyTimeoutMs = 120_000;
/** Enough for tests and trials: a node fails rather than fill the machine. */
const javaOptions = [
  '-Xmx448m',
  '-Xms128m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
];

/** A second way to a node, for tests that put a proxy in between: clients that come by it are told to come by the proxy. */
interface Tunnel {
  /** Where the proxy has to listen. */
  readonly proxyPort: number;
  /** Where the node listens. */
  readonly targetPort: number;
}

interface NodeSettings {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
  readonly tunnel: Tunnel;
}

interface Settings {
  readonly clusterId: string;
  readonly nodes: readonly NodeSettings[];
}

export interface KafkaNode extends ServerProcess {
  readonly name: string;
  readonly id: number;
  readonly port: number;
  readonly tunnel: Tunnel;
}

export interface KafkaServer {
  readonly url: string;
  readonly folder: string;
  readonly nodes: readonly KafkaNode[];
  stop(): Promise<void>;
}

export interface KafkaPlace extends EnginePlace {
  /** 1, or 3 for a cluster. */
  readonly nodes: number;
}

/** Nodes that run already are left running. */
export async function startKafka(place: KafkaPlace): Promise<KafkaServer> {
  const jars = fetchedJars(need, place.softwareFolder);
  const folder = ownedFolder(place.folder);
  const settings = readJson<Settings>(settingsFile(folder)) ?? (await newSettings(folder, place.nodes));
  const nodes = settings.nodes.map((node) => nodeOf(folder, jars, settings, node));
  await Promise.all(nodes.map((node) => node.start()));
  return {
    url: `kafka://${settings.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    folder,
    nodes,
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

/** The names of a server's processes, for stopping them without starting any. */
export function kafkaProcessNames(folder: string): readonly string[] {
  return readJson<Settings>(settingsFile(folder))?.nodes.map(({ id }) => nameOf(id)) ?? [];
}

async function newSettings(folder: string, nodeCount: number): Promise<Settings> {
  const ports = await freePorts(4 * nodeCount);
  const nodes = Array.from({ length: nodeCount }, (_, index) => {
    const [port = 0, controllerPort = 0, proxyPort = 0, targetPort = 0] = ports.slice(4 * index);
    return { id: index + 1, port, controllerPort, tunnel: { proxyPort, targetPort } };
  });
  const settings = { clusterId: randomBytes(16).toString('base64url'), nodes };
  writeOwnedFile(settingsFile(folder), JSON.stringify(settings));
  return settings;
}

function nodeOf(folder: string, jars: string, settings: Settings, node: NodeSettings): KafkaNode {
  const name = nameOf(node.id);
  const nodeFolder = path.join(folder, name);
  const properties = path.join(nodeFolder, 'server.properties');
  const java = (mainClass: string, ...args: readonly string[]) => [...javaOptions, '-cp', `${jars}/*`, mainClass, ...args];
  const plan: ProcessPlan = { name, folder, command: 'java', args: java('kafka.Kafka', properties) };

  return {
    name,
    id: node.id,
    port: node.port,
    tunnel: node.tunnel,
    running: () => runningProcess(plan) !== undefined,
    async start() {
      if (runningProcess(plan) === undefined) {
        ownedFolder(nodeFolder);
        writeOwnedFile(properties, propertiesOf(nodeFolder, settings, node));
        if (!existsSync(path.join(nodeFolder, 'data/meta.properties'))) {
          const format = java('kafka.tools.StorageTool', 'format', `--cluster-id=${settings.clusterId}`, '-c', properties);
          const line = asEngineUser('java', format);
          execFileSync(line.command, line.args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: nodeFolder, timeout: readyTimeoutMs });
        }
        await startEngineProcess(plan);
      }
      // A broker listens only when it has joined the cluster.
      await readyWhen(plan, readyTimeoutMs, () => accepts(node.port));
    },
    async stop() {
      await stopProcess(plan, kafkaStop);
    },
    kill: () => killProcess(plan),
  };
}

/** The time-outs are short, so that tests of dead nodes need not wait long; durability is as in production. */
function propertiesOf(nodeFolder: string, { nodes }: Settings, node: NodeSettings): string {
  const copies = nodes.length;
  const inSync = copies > 1 ? 2 : 1;
  const values: Readonly<Record<string, string | number>> = {
    'process.roles': 'broker,controller',
    'node.id': node.id,
    'controller.quorum.voters': nodes.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(','),
    listeners: `PLAINTEXT://127.0.0.1:${node.port},TUNNEL://127.0.0.1:${node.tunnel.targetPort},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${node.port},TUNNEL://127.0.0.1:${node.tunnel.proxyPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,TUNNEL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': path.join(nodeFolder, 'data'),
    'auto.create.topics.enable': 'false',
    'default.replication.factor': copies,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': copies,
    'offsets.topic.num.partitions': 6,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': 3,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 2_000,
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    'controller.quorum.election.timeout.ms': 1_000,
    'controller.quorum.fetch.timeout.ms': 2_000,
    'log.cleaner.dedupe.buffer.size': 8_388_608,
    'num.network.threads': 2,
    'num.io.threads': 4,
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function nameOf(id: number): string {
  return `kafka${id}`;
}

function settingsFile(folder: string): string {
  return path.join(folder, 'settings.json');
}
