/** RabbitMQ on this machine: one node with its admin page, or a cluster of several. */
import { randomBytes } from 'node:crypto';
import { existsSync, globSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { accepts } from '#cluster/accepts.ts';
import { freePort, freePorts } from '#cluster/free-port.ts';
import { killProcess, type ProcessPlan, readJson, readyWhen, runningProcess, type ServerProcess, stopProcess } from '#cluster/processes.ts';
import { startEngineProcess } from './engine-process.ts';
import { type EnginePlace, giveToEngineUser, ownedFolder, writeOwnedFile } from './place.ts';
import { type Software, softwareFor } from './software.ts';

/** The server is wrapped in a shell script, so the whole group gets the signal; it syncs its queues and exits. */
export const rabbitmqStop = { signal: 'SIGTERM', timeoutMs: 60_000, group: true } as const;
export const portMapperStop = { signal: 'SIGTERM', timeoutMs: 5_000 } as const;

const need = { packages: ['rabbitmq-server'], program: 'usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server' };
const user = 'kontor';
const readyTimeoutMs = 120_000;

interface NodeSettings {
  readonly name: string;
  readonly amqpPort: number;
  readonly adminPort: number;
  readonly distributionPort: number;
}

interface Settings {
  readonly password: string;
  /** Erlang's shared secret: nodes with the same one trust each other. */
  readonly cookie: string;
  readonly portMapperPort: number;
  readonly nodes: readonly NodeSettings[];
}

interface RabbitmqNode extends ServerProcess {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  /** The admin page and its API, with name and password. */
  readonly adminUrl: string;
}

export interface RabbitmqServer {
  readonly url: string;
  readonly adminUrl: string;
  readonly folder: string;
  readonly nodes: readonly RabbitmqNode[];
  stop(): Promise<void>;
}

export interface RabbitmqPlace extends EnginePlace {
  /** 1, or 3 for a cluster. */
  readonly nodes: number;
}

export async function startRabbitmq(place: RabbitmqPlace): Promise<RabbitmqServer> {
  const software = softwareFor(need, place.softwareFolder);
  const folder = ownedFolder(place.folder);
  const settings = readJson<Settings>(settingsFile(folder)) ?? (await newSettings(folder, place.nodes));
  await startPortMapper(folder, software, settings);
  const nodes = settings.nodes.map((node) => nodeOf(folder, software, settings, node));
  // All at once: nodes of a cluster wait for each other.
  await Promise.all(nodes.map((node) => node.start()));
  const [first] = nodes;
  if (first === undefined) throw new Error('A RabbitMQ needs at least one node.');
  return {
    url: first.url,
    adminUrl: first.adminUrl,
    folder,
    nodes,
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
      await stopProcess({ name: 'port-mapper', folder }, portMapperStop);
    },
  };
}

/** The names of a server's processes, for stopping them without starting any. */
export function rabbitmqProcessNames(folder: string): readonly string[] {
  return readJson<Settings>(settingsFile(folder))?.nodes.map((node) => node.name) ?? [];
}

async function newSettings(folder: string, nodeCount: number): Promise<Settings> {
  const [portMapperPort = 0, ...ports] = await freePorts(1 + 3 * nodeCount);
  const nodes = Array.from({ length: nodeCount }, (_, index) => {
    const [amqpPort = 0, adminPort = 0, distributionPort = 0] = ports.slice(3 * index);
    return { name: `rabbit${index + 1}`, amqpPort, adminPort, distributionPort };
  });
  const settings = {
    password: randomBytes(16).toString('hex'),
    cookie: randomBytes(16).toString('hex').toUpperCase(),
    portMapperPort,
    nodes,
  };
  writeOwnedFile(settingsFile(folder), JSON.stringify(settings));
  return settings;
}

/** Erlang's name service (epmd). A private one on loopback, because Erlang would start one on all interfaces. */
async function startPortMapper(folder: string, software: Software, settings: Settings): Promise<void> {
  const [program] = globSync(path.join(software.root, '/usr/lib/erlang/erts-*/bin/epmd'));
  if (program === undefined) throw new Error('epmd, a part of Erlang, is not installed: apt-get install erlang-base.');
  const plan: ProcessPlan = {
    name: 'port-mapper',
    folder,
    command: program,
    args: ['-address', '127.0.0.1', '-port', String(settings.portMapperPort)],
  };
  if (runningProcess(plan) !== undefined) return;
  if ((await freePort(settings.portMapperPort)) !== settings.portMapperPort) {
    throw new Error(
      `Port ${settings.portMapperPort} of this RabbitMQ's name service is taken: end what listens there, or remove ${folder}.`,
    );
  }
  await startEngineProcess(plan);
}

function nodeOf(folder: string, software: Software, settings: Settings, node: NodeSettings): RabbitmqNode {
  const login = `${user}:${settings.password}`;
  const adminUrl = `http://127.0.0.1:${node.adminPort}`;
  const nodeFolder = path.join(folder, node.name);
  const plan: ProcessPlan = {
    name: node.name,
    folder,
    command: software.program,
    args: [],
    environment: environmentOf(nodeFolder, software, settings, node),
  };

  /** The node answers, sees all others of its cluster, and takes connections, which it does last. */
  const ready = async () => {
    const response = await fetch(`${adminUrl}/api/nodes`, {
      headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` },
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) throw new Error(`the admin API answered ${response.status}`);
    const seen = (await response.json()) as { name: string; running: boolean }[];
    if (!seen.some((other) => other.name === `${node.name}@localhost` && other.running)) throw new Error('the node is not up yet');
    if (seen.length < settings.nodes.length) throw new Error(`the cluster has ${seen.length} of ${settings.nodes.length} nodes`);
    await accepts(node.amqpPort);
  };

  return {
    name: node.name,
    url: `amqp://${login}@127.0.0.1:${node.amqpPort}`,
    port: node.amqpPort,
    adminUrl: adminUrl.replace('//', `//${login}@`),
    running: () => runningProcess(plan) !== undefined,
    async start() {
      if (runningProcess(plan) === undefined) {
        writeNodeFiles(nodeFolder, settings, node);
        await startEngineProcess(plan);
      }
      await readyWhen(plan, readyTimeoutMs, ready);
    },
    async stop() {
      await stopProcess(plan, rabbitmqStop);
    },
    kill: () => killProcess(plan),
  };
}

function writeNodeFiles(nodeFolder: string, settings: Settings, node: NodeSettings): void {
  ownedFolder(nodeFolder);
  for (const name of ['data', 'logs']) {
    mkdirSync(path.join(nodeFolder, name), { recursive: true });
    giveToEngineUser(path.join(nodeFolder, name));
  }
  const cluster =
    settings.nodes.length < 2
      ? []
      : [
          'cluster_formation.peer_discovery_backend = classic_config',
          ...settings.nodes.map((peer, index) => `cluster_formation.classic_config.nodes.${index + 1} = ${peer.name}@localhost`),
        ];
  writeOwnedFile(
    path.join(nodeFolder, 'rabbitmq.conf'),
    [
      `listeners.tcp.1 = 127.0.0.1:${node.amqpPort}`,
      'management.tcp.ip = 127.0.0.1',
      `management.tcp.port = ${node.adminPort}`,
      `default_user = ${user}`,
      `default_pass = ${settings.password}`,
      'vm_memory_high_watermark.absolute = 4GB',
      'disk_free_limit.absolute = 500MB',
      'log.console = true',
      'log.console.level = info',
      'log.file = false',
      ...cluster,
      '',
    ].join('\n'),
  );
  writeOwnedFile(path.join(nodeFolder, 'enabled_plugins'), '[rabbitmq_management].\n');
  if (!existsSync(path.join(nodeFolder, 'environment'))) writeOwnedFile(path.join(nodeFolder, 'environment'), '');
}

function environmentOf(nodeFolder: string, software: Software, settings: Settings, node: NodeSettings): Record<string, string> {
  const erlang = path.join(software.root, '/usr/lib/erlang/bin');
  return {
    ...software.environment,
    PATH: `${erlang}:${process.env.PATH ?? '/usr/bin:/bin'}`,
    HOME: nodeFolder,
    RABBITMQ_NODENAME: `${node.name}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(node.amqpPort),
    RABBITMQ_DIST_PORT: String(node.distributionPort),
    RABBITMQ_MNESIA_BASE: path.join(nodeFolder, 'data'),
    RABBITMQ_LOG_BASE: path.join(nodeFolder, 'logs'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONFIG_FILE: path.join(nodeFolder, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: path.join(nodeFolder, 'environment'),
    RABBITMQ_ENABLED_PLUGINS_FILE: path.join(nodeFolder, 'enabled_plugins'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel inet_dist_use_interface {127,0,0,1} -setcookie ${settings.cookie}`,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(settings.portMapperPort),
  };
}

function settingsFile(folder: string): string {
  return path.join(folder, 'settings.json');
}
