/**
 * A stand-in for MongoDB on this machine. MongoDB's server is in no package registry, so this is mongo-java-server, which
 * implements the wire protocol and stores data in a file: one node without elections, concerns and change streams.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MongoClient } from 'mongodb';
import { freePort } from '#cluster/free-port.ts';
import { type ProcessPlan, readJson, readyWhen, runningProcess, stopProcess } from '#cluster/processes.ts';
import { startEngineProcess } from './engine-process.ts';
import { type EnginePlace, ownedFolder, writeOwnedFile } from './place.ts';

export const mongodbStop = { signal: 'SIGTERM', timeoutMs: 15_000 } as const;

const version = '1.47.0';
const readyTimeoutMs = 60_000;
const fetchTimeoutMs = 300_000;
/** The memory limit: enough for tests and trials, and it fails rather than fill the machine. */
const heapLimit = '-Xmx768m';

export interface MongodbServer {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** A server that runs already is left running. */
export async function startMongodb({ folder, softwareFolder }: EnginePlace): Promise<MongodbServer> {
  const jars = fetchedJars(softwareFolder);
  ownedFolder(folder);
  const settingsFile = path.join(folder, 'settings.json');
  const program = path.join(folder, 'mongodb-stand-in.java');
  let port = readJson<{ port: number }>(settingsFile)?.port;

  const plan = (): ProcessPlan => ({
    name: 'mongodb',
    folder,
    command: 'java',
    args: [
      heapLimit,
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      `${jars}/*`,
      program,
      String(port),
      path.join(folder, 'data.h2'),
    ],
  });
  if (port === undefined || runningProcess(plan()) === undefined) {
    port = await freePort(port);
    copyFileSync(path.join(import.meta.dirname, 'mongodb-stand-in.java'), program);
    writeOwnedFile(settingsFile, JSON.stringify({ port }));
    await startEngineProcess(plan());
  }
  const url = `mongodb://127.0.0.1:${port}/?directConnection=true`;
  await readyWhen(plan(), readyTimeoutMs, () => answers(url));
  return {
    url,
    port,
    async stop() {
      await stopProcess(plan(), mongodbStop);
    },
  };
}

async function answers(url: string): Promise<void> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 2_000 });
  try {
    await client.db('admin').command({ ping: 1 });
  } finally {
    await client.close();
  }
}

/** The folder of its jars. Maven fetches them the first time. */
function fetchedJars(softwareFolder: string): string {
  const folder = path.join(softwareFolder, 'software', `mongo-java-server-${version}`);
  if (existsSync(folder)) return folder;
  const making = `${folder}.new`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const project = path.join(making, 'pom.xml');
  writeFileSync(project, projectText);
  try {
    execFileSync('mvn', ['-q', '-B', '-f', project, 'dependency:copy-dependencies', `-DoutputDirectory=${making}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      timeout: fetchTimeoutMs,
    });
  } catch (error) {
    const { stdout, message } = error as Error & { stdout?: string };
    throw new Error(
      `mongo-java-server, the stand-in for MongoDB, could not be fetched: it takes Maven and a JDK of 17 or later (apt-get install maven openjdk-17-jdk-headless, as root). ${stdout?.trim().split('\n')[0] || message}`,
    );
  }
  renameSync(making, folder);
  return folder;
}

const projectText = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>kontor</groupId>
  <artifactId>mongodb-stand-in</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>de.bwaldvogel</groupId>
      <artifactId>mongo-java-server-h2-backend</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;
