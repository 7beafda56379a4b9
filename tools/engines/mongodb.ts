/**
 * A stand-in for MongoDB on this machine. MongoDB's server is in no package registry, so this is mongo-java-server, which
 * implements the wire protocol and stores data in a file: one node without elections, concerns and change streams.
 */
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { MongoClient } from 'mongodb';
import { freePort } from '#cluster/free-port.ts';
import { type ProcessPlan, readJson, readyWhen, runningProcess, stopProcess } from '#cluster/processes.ts';
import { startEngineProcess } from './engine-process.ts';
import { fetchedJars } from './maven.ts';
import { type EnginePlace, ownedFolder, writeOwnedFile } from './place.ts';

export const mongodbStop = { signal: 'SIGTERM', timeoutMs: 15_000 } as const;

const version = '1.47.0';
const need = {
  program: 'mongo-java-server, the stand-in for MongoDB,',
  folder: `mongo-java-server-${version}`,
  artifacts: [`de.bwaldvogel:mongo-java-server-h2-backend:${version}`],
};
const readyTimeoutMs = 120_000;
/** The memory limit: enough for tests and trials, and it fails rather than fill the machine. */
const heapLimit = '-Xmx768m';

export interface MongodbServer {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** A server that runs already is left running. */
export async function startMongodb({ folder, softwareFolder }: EnginePlace): Promise<MongodbServer> {
  const jars = fetchedJars(need, softwareFolder);
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
  await readyWhen(plan(), readyTimeoutMs, () => answersAsMongodb(url));
  return {
    url,
    port,
    async stop() {
      await stopProcess(plan(), mongodbStop);
    },
  };
}

export async function answersAsMongodb(url: string): Promise<void> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 2_000 });
  try {
    await client.db('admin').command({ ping: 1 });
  } finally {
    await client.close();
  }
}
