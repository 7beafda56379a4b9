/** Asks an engine for its version. Each probe is one short connection, and rejects with the reason why the engine cannot be used. */
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Config } from '#config/options.ts';
import { openLog } from '../log.ts';
import { openLake } from '../open-lake.ts';
import { processHolder } from '../process-holder.ts';
import { realClock } from '../real-clock.ts';
import { realRandom } from '../real-random.ts';
import { reasonOf } from './finding.ts';

const connectTimeoutMs = 4_000;
const maxLineBytes = 1_000;

export type Probe = (url: string, config: Config) => Promise<string>;

/** By the scheme of the address. */
export const probes: Readonly<Record<string, Probe>> = {
  postgres: postgresVersion,
  postgresql: postgresVersion,
  amqp: rabbitmqVersion,
  amqps: rabbitmqVersion,
  kafka: kafkaBrokers,
  kafkas: kafkaBrokers,
  redis: redisVersion,
  rediss: redisVersion,
  memcached: memcachedVersions,
  mongodb: mongodbVersion,
  'mongodb+srv': mongodbVersion,
  hdfs: hdfsVersion,
  async s3(_url, config) {
    await pingLake(config);
    return 'the bucket answers';
  },
  smtp: async (url) => greetingOf(url, 587),
  smtps: async (url) => greetingOf(url, 465),
};

interface PostgresAnswer {
  readonly version: string;
  readonly host: string;
  /** How far its clock is ahead of ours. */
  readonly aheadMs: number;
}

/** Asks the host that takes writes. */
export async function askPostgres(url: string): Promise<PostgresAnswer> {
  const { postgresHosts } = await import('#engines/postgres/url.ts');
  const { default: pg } = await import('pg');
  const failures: string[] = [];
  for (const { name, connectionString } of postgresHosts(url)) {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: connectTimeoutMs, query_timeout: connectTimeoutMs });
    client.on('error', () => {});
    try {
      await client.connect();
      // Not before: connecting, and hosts that are away, would count as time on the way.
      const beganAt = Date.now();
      const { rows } = await client.query(
        `select current_setting('server_version') as version, pg_is_in_recovery() as standby, extract(epoch from clock_timestamp()) * 1000 as now`,
      );
      const { version, standby, now } = rows[0] as { version: string; standby: boolean; now: string };
      if (!standby) return { version, host: name, aheadMs: Number(now) - (beganAt + Date.now()) / 2 };
      failures.push(`${name} is a standby`);
    } catch (error) {
      failures.push(`${name}: ${reasonOf(error)}`);
    } finally {
      await client.end().catch(() => {});
    }
  }
  throw new Error(`no host takes writes (${failures.join('; ')})`);
}

async function postgresVersion(url: string): Promise<string> {
  const { version, host } = await askPostgres(url);
  return `PostgreSQL ${version} at ${host}`;
}

async function rabbitmqVersion(url: string): Promise<string> {
  const { rabbitmqAddresses } = await import('#engines/stream/rabbitmq-address.ts');
  const { connect } = await import('amqplib');
  const addresses = rabbitmqAddresses(url);
  const tried = await Promise.allSettled(
    addresses.map(async (address) => {
      const connection = await connect(address, { timeout: connectTimeoutMs });
      connection.on('error', () => {});
      const { product, version } = connection.connection.serverProperties;
      await connection.close();
      return `${product} ${version}`;
    }),
  );
  return summaryOf(tried);
}

async function kafkaBrokers(url: string): Promise<string> {
  const { kafkaAddress } = await import('#engines/stream/kafka-address.ts');
  const { Admin } = await import('@platformatic/kafka');
  const { brokers, tls, sasl } = kafkaAddress(url);
  const admin = new Admin({
    clientId: 'kontor-doctor',
    bootstrapBrokers: brokers.map(({ host, port }) => ({ host, port })),
    connectTimeout: connectTimeoutMs,
    retries: 0,
    ...(tls ? { tls: {} } : {}),
    ...(sasl === undefined ? {} : { sasl }),
  });
  try {
    const { brokers: known } = await admin.metadata({ topics: [] });
    return `Kafka with ${known.size} ${known.size === 1 ? 'broker' : 'brokers'} (it does not tell its version)`;
  } finally {
    await admin.close();
  }
}

async function redisVersion(url: string): Promise<string> {
  const { createClient } = await import('@redis/client');
  const client = createClient({ url, socket: { connectTimeout: connectTimeoutMs, reconnectStrategy: false } });
  client.on('error', () => {});
  await client.connect();
  try {
    const server = String(await client.info('server'));
    return `Redis ${/^redis_version:(\S+)/m.exec(server)?.[1] ?? 'of an unknown version'}`;
  } finally {
    client.destroy();
  }
}

async function memcachedVersions(url: string): Promise<string> {
  const { memcachedHosts } = await import('#engines/cache/memcached-address.ts');
  const tried = await Promise.allSettled(
    memcachedHosts(url).map(async ({ hostname, port }) => {
      const line = await firstLine(connectPlain({ host: hostname, port }), 'version\r\n');
      return `memcached ${line.replace(/^VERSION /, '')}`;
    }),
  );
  return summaryOf(tried);
}

async function mongodbVersion(url: string): Promise<string> {
  const { MongoClient } = await import('mongodb');
  const client = new MongoClient(url, { serverSelectionTimeoutMS: connectTimeoutMs, connectTimeoutMS: connectTimeoutMs });
  try {
    const { version } = await client.db('admin').command({ buildInfo: 1 });
    return `MongoDB ${version}`;
  } finally {
    await client.close();
  }
}

async function hdfsVersion(url: string, config: Config): Promise<string> {
  await pingLake(config);
  const { hdfsAddress } = await import('#engines/lake/hdfs-address.ts');
  const [nameNode = ''] = hdfsAddress(url).nameNodes;
  const answer = await fetch(`${nameNode}/jmx?qry=Hadoop:service=NameNode,name=NameNodeInfo`, {
    signal: AbortSignal.timeout(connectTimeoutMs),
  }).catch(() => undefined);
  const version = /"SoftwareVersion"\s*:\s*"([^"]{1,40})"/.exec((await answer?.text()) ?? '')?.[1];
  return version === undefined ? 'HDFS answers' : `HDFS ${version}`;
}

async function pingLake(config: Config): Promise<void> {
  const log = openLog({ level: 'error', format: config.logFormat, destination: process.stderr });
  const lake = openLake(config, { clock: realClock, random: realRandom, holder: processHolder(), log });
  try {
    await lake.ping();
  } finally {
    await lake.close();
  }
}

async function greetingOf(url: string, otherwise: number): Promise<string> {
  const { protocol, hostname, port } = new URL(url);
  const place = { host: hostname, port: Number(port) || otherwise };
  const line = await firstLine(protocol === 'smtps:' ? connectTls(place) : connectPlain(place), undefined);
  if (!line.startsWith('220')) throw new Error(`it greets with "${line.slice(0, 80)}"`);
  return `a mail server: ${line.slice(4, 84)}`;
}

/** The first line that the server sends, after what is said to it. */
function firstLine(socket: Socket, said: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.setTimeout(connectTimeoutMs, () => socket.destroy(new Error(`no answer within ${connectTimeoutMs} ms`)));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('it closed the connection')));
    socket.on('data', (chunk) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end === -1 && text.length < maxLineBytes) return;
      resolve(text.slice(0, end === -1 ? maxLineBytes : end).trim());
      socket.destroy();
    });
    if (said !== undefined) socket.write(said);
  });
}

/** Some of several hosts may be away. */
function summaryOf(tried: readonly PromiseSettledResult<string>[]): string {
  const answered = tried.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
  const [failure] = tried.filter((one) => one.status === 'rejected').map(({ reason }) => reasonOf(reason));
  if (answered.length === 0) throw new Error(failure ?? 'no host');
  const versions = [...new Set(answered)].join(', ');
  return tried.length === 1
    ? versions
    : `${versions} on ${answered.length} of ${tried.length} hosts${failure === undefined ? '' : ` (${failure})`}`;
}
