/** HDFS on this machine: a NameNode and a DataNode, out of Hadoop's jars for tests, which need no Hadoop installation. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { freePorts } from '#cluster/free-port.ts';
import { killProcess, type ProcessPlan, readJson, readyWhen, runningProcess, stopProcess } from '#cluster/processes.ts';
import { startEngineProcess } from './engine-process.ts';
import { fetchedJars } from './maven.ts';
import { asEngineUser, type EnginePlace, ownedFolder, writeOwnedFile } from './place.ts';

const stop = { signal: 'SIGTERM', timeoutMs: 20_000 } as const;

const version = '3.5.0';
const need = { program: 'HDFS', folder: `hdfs-${version}`, artifacts: [`org.apache.hadoop:hadoop-client-minicluster:${version}`] };
const readyTimeoutMs = 120_000;
const javaOptions = [
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Djava.net.preferIPv4Stack=true',
  '--add-opens=java.base/java.lang=ALL-UNNAMED',
];
/** In the order in which they are started. */
const programs = {
  namenode: 'org.apache.hadoop.hdfs.server.namenode.NameNode',
  datanode: 'org.apache.hadoop.hdfs.server.datanode.DataNode',
};

interface Settings {
  readonly nameNodePort: number;
  readonly webPort: number;
  readonly dataPorts: readonly [number, number, number];
}

export interface HdfsServer {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** kill -9 of both. */
  kill(): Promise<void>;
}

/** What runs already is left running. */
export async function startHdfs({ folder, softwareFolder }: EnginePlace): Promise<HdfsServer> {
  const jars = fetchedJars(need, softwareFolder);
  ownedFolder(folder);
  const settings = readJson<Settings>(settingsFile(folder)) ?? (await newSettings(folder));
  writeConfiguration(folder, settings);
  const classPath = ['-cp', `${folder}:${jars}/*`];
  const plans = Object.entries(programs).map(
    ([name, program]): ProcessPlan => ({ name, folder, command: 'java', args: [...javaOptions, ...classPath, program] }),
  );
  const url = `hdfs://kontor@127.0.0.1:${settings.webPort}/lake`;
  const server = {
    url,
    environment: { LAKE_URL: url },
    async start() {
      if (!existsSync(path.join(folder, 'name/current'))) format(folder, classPath);
      for (const plan of plans) if (runningProcess(plan) === undefined) await startEngineProcess(plan);
      for (const plan of plans) await readyWhen(plan, readyTimeoutMs, () => acceptsWrites(settings));
    },
    async stop() {
      for (const plan of plans.toReversed()) await stopProcess(plan, stop);
    },
    async kill() {
      for (const plan of plans) await killProcess(plan);
    },
  };
  await server.start();
  return server;
}

export function hdfsProcesses(folder: string) {
  return Object.keys(programs)
    .toReversed()
    .map((name) => ({ folder, name, stop }));
}

async function newSettings(folder: string): Promise<Settings> {
  const [nameNodePort = 0, webPort = 0, one = 0, two = 0, three = 0] = await freePorts(5);
  const settings: Settings = { nameNodePort, webPort, dataPorts: [one, two, three] };
  writeOwnedFile(settingsFile(folder), JSON.stringify(settings));
  return settings;
}

function format(folder: string, classPath: readonly string[]): void {
  const line = asEngineUser('java', [...javaOptions, ...classPath, programs.namenode, '-format', '-nonInteractive']);
  try {
    execFileSync(line.command, line.args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', timeout: readyTimeoutMs });
  } catch (error) {
    throw new Error(`HDFS could not be formatted: ${String((error as { stderr?: string }).stderr).slice(-2_000)}`);
  }
}

/** The NameNode has left its safe mode and knows the DataNode. */
async function acceptsWrites({ webPort }: Settings): Promise<void> {
  const [system, info] = await Promise.all([beanOf(webPort, 'FSNamesystemState'), beanOf(webPort, 'NameNodeInfo')]);
  if (system.NumLiveDataNodes !== 1) throw new Error('the DataNode is not registered yet');
  if (info.Safemode !== '') throw new Error('the NameNode is in safe mode');
}

async function beanOf(port: number, name: string): Promise<Record<string, unknown>> {
  const url = `http://127.0.0.1:${port}/jmx?qry=Hadoop:service=NameNode,name=${name}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  const { beans } = (await response.json()) as { beans?: Record<string, unknown>[] };
  return beans?.[0] ?? {};
}

function writeConfiguration(folder: string, { nameNodePort, webPort, dataPorts }: Settings): void {
  const [data, dataWeb, dataCalls] = dataPorts.map((port) => `127.0.0.1:${port}`);
  const sites: Record<string, Record<string, string | undefined>> = {
    'core-site.xml': {
      'fs.defaultFS': `hdfs://127.0.0.1:${nameNodePort}`,
      'hadoop.tmp.dir': path.join(folder, 'tmp'),
      // A lost process is noticed soon.
      'ipc.client.connect.max.retries': '3',
    },
    'hdfs-site.xml': {
      'dfs.replication': '1',
      'dfs.permissions.enabled': 'false',
      'dfs.namenode.name.dir': `file://${folder}/name`,
      'dfs.datanode.data.dir': `file://${folder}/data`,
      'dfs.namenode.rpc-address': `127.0.0.1:${nameNodePort}`,
      'dfs.namenode.http-address': `127.0.0.1:${webPort}`,
      'dfs.datanode.address': data,
      'dfs.datanode.http.address': dataWeb,
      'dfs.datanode.ipc.address': dataCalls,
      'dfs.datanode.hostname': '127.0.0.1',
      'dfs.namenode.datanode.registration.ip-hostname-check': 'false',
      'dfs.namenode.safemode.extension': '0',
      'dfs.heartbeat.interval': '1',
    },
  };
  for (const [file, properties] of Object.entries(sites)) writeOwnedFile(path.join(folder, file), siteText(properties));
}

function siteText(properties: Record<string, string | undefined>): string {
  const lines = Object.entries(properties).map(([name, value]) => `  <property><name>${name}</name><value>${value}</value></property>\n`);
  return `<configuration>\n${lines.join('')}</configuration>\n`;
}

function settingsFile(folder: string): string {
  return path.join(folder, 'settings.json');
}
