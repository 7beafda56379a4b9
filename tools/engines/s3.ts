/** An S3 server on this machine: S3Proxy, which keeps objects as files, with one bucket. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '#cluster/free-port.ts';
import { killProcess, type ProcessPlan, readJson, readyWhen, runningProcess, stopProcess } from '#cluster/processes.ts';
import { startEngineProcess } from './engine-process.ts';
import { fetchedJars } from './maven.ts';
import { type EnginePlace, giveToEngineUser, ownedFolder, writeOwnedFile } from './place.ts';

const stop = { signal: 'SIGTERM', timeoutMs: 15_000 } as const;

const version = '4.1.1';
const need = {
  program: 'S3Proxy',
  folder: `s3proxy-${version}`,
  // It was released with annotations that are older than what uses them.
  artifacts: [`org.gaul:s3proxy:${version}`, 'com.fasterxml.jackson.core:jackson-annotations:2.21'],
};
const readyTimeoutMs = 120_000;
const bucket = 'lake';
const accessKey = 'kontor';

interface Settings {
  readonly port: number;
  readonly secretKey: string;
}

export interface S3Server {
  readonly url: string;
  readonly environment: Readonly<Record<'LAKE_URL' | 'LAKE_S3_ENDPOINT' | 'LAKE_S3_ACCESS_KEY' | 'LAKE_S3_SECRET_KEY', string>>;
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** A server that runs already is left running. */
export async function startS3({ folder, softwareFolder }: EnginePlace): Promise<S3Server> {
  const jars = fetchedJars(need, softwareFolder);
  ownedFolder(folder);
  const settings = readJson<Settings>(settingsFile(folder)) ?? { port: await freePort(), secretKey: randomBytes(20).toString('hex') };
  const { port, secretKey } = settings;
  const endpoint = `http://127.0.0.1:${port}`;
  const args = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', `-Dlogback.configurationFile=${folder}/log.xml`];
  const plan: ProcessPlan = {
    name: 's3',
    folder,
    command: 'java',
    args: [...args, '-cp', `${jars}/*`, 'org.gaul.s3proxy.Main', '--properties', path.join(folder, 's3.properties')],
  };
  writeFiles(folder, settings, endpoint);
  const url = `s3://${bucket}`;
  const server = {
    url,
    environment: { LAKE_URL: url, LAKE_S3_ENDPOINT: endpoint, LAKE_S3_ACCESS_KEY: accessKey, LAKE_S3_SECRET_KEY: secretKey },
    async start() {
      if (runningProcess(plan) === undefined) await startEngineProcess(plan);
      // Without a signature it refuses, but it answers.
      await readyWhen(plan, readyTimeoutMs, () => fetch(endpoint, { signal: AbortSignal.timeout(5_000) }));
    },
    async stop() {
      await stopProcess(plan, stop);
    },
    kill: () => killProcess(plan),
  };
  await server.start();
  return server;
}

export function s3Processes(folder: string) {
  return [{ folder, name: 's3', stop }];
}

function writeFiles(folder: string, settings: Settings, endpoint: string): void {
  const objects = path.join(folder, 'objects');
  for (const made of [objects, path.join(objects, bucket)]) {
    mkdirSync(made, { recursive: true });
    giveToEngineUser(made);
  }
  writeOwnedFile(settingsFile(folder), JSON.stringify(settings));
  writeOwnedFile(
    path.join(folder, 's3.properties'),
    [
      's3proxy.authorization=aws-v4',
      `s3proxy.identity=${accessKey}`,
      `s3proxy.credential=${settings.secretKey}`,
      `s3proxy.endpoint=${endpoint}`,
      's3proxy.v4-max-non-chunked-request-size=335544320',
      'jclouds.provider=filesystem',
      `jclouds.filesystem.basedir=${objects}`,
      '',
    ].join('\n'),
  );
  writeOwnedFile(
    path.join(folder, 'log.xml'),
    `<configuration><appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%d %level %logger %msg%n</pattern></encoder></appender><root level="warn"><appender-ref ref="out"/></root></configuration>\n`,
  );
}

function settingsFile(folder: string): string {
  return path.join(folder, 'settings.json');
}
