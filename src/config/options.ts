/** The options of the house itself; modules have tables of their own. */
import { emailAddress, engineAddress, listOf, matching, oneOf, shortText, wholeNumber } from '#core/options/kinds.ts';
import { type OptionTable, option, optional, type Values } from '#core/options/option.ts';

const hostName = matching(/^[A-Za-z0-9._:-]{1,253}$/, 'a host name or an address such as 127.0.0.1');
const network = matching(/^[0-9A-Fa-f.:]{2,45}(\/\d{1,3})?$/, 'an address such as 10.0.0.7 or a network such as 10.0.0.0/8');
const webOrigin = matching(/^https?:\/\/[A-Za-z0-9._-]{1,253}(:\d{1,5})?$/, 'an address such as https://kontor.example, without a path');

const dayMs = 86_400_000;

export const houseOptions = {
  host: option({
    name: 'HOST',
    group: 'Web',
    kind: hostName,
    default: '127.0.0.1',
    doc: 'The address to listen on. Anything but a loopback address opens the house to the network: put a proxy with TLS before it.',
  }),
  port: option({
    name: 'PORT',
    group: 'Web',
    kind: wholeNumber({ min: 0, max: 65_535 }),
    default: '3000',
    doc: 'The port to listen on. 0 takes any free one and says which.',
  }),
  allowedHosts: optional({
    name: 'ALLOWED_HOSTS',
    group: 'Web',
    kind: listOf(hostName, 100),
    doc: 'Host names under which browsers may reach the house, beside localhost. A request for another name is refused, so that no foreign page can talk to it.',
  }),
  trustedProxies: optional({
    name: 'TRUSTED_PROXIES',
    group: 'Web',
    kind: listOf(network, 100),
    doc: "Addresses of proxies whose word on a client's address (X-Forwarded-For) is believed. Set PUBLIC_URL or ALLOWED_HOSTS too: without them, letters have no links. Name yours, or every client shares one rate limit.",
  }),
  rateLimitPerMinute: option({
    name: 'RATE_LIMIT_PER_MINUTE',
    group: 'Web',
    kind: wholeNumber({ min: 0, max: 10_000_000 }),
    default: '3000',
    doc: 'HTTP requests a minute allowed from one address; 0 for no limit. Health and metrics are not counted.',
  }),
  socketsPerAddress: option({
    name: 'SOCKETS_PER_ADDRESS',
    group: 'Web',
    kind: wholeNumber({ min: 0, max: 1_000_000 }),
    default: '200',
    doc: 'Sockets, streams of events and waiting requests that one address may have open at each process; 0 for no limit. Of IPv6, a /64 counts as one address.',
  }),
  socketsPerAccount: option({
    name: 'SOCKETS_PER_ACCOUNT',
    group: 'Web',
    kind: wholeNumber({ min: 0, max: 1_000_000 }),
    default: '100',
    doc: 'The same for one account, from wherever it is used; 0 for no limit.',
  }),
  publicUrl: optional({
    name: 'PUBLIC_URL',
    group: 'Web',
    kind: webOrigin,
    doc: 'How people reach the house, such as https://kontor.example; links in letters begin with it. Left out, they begin with the first of ALLOWED_HOSTS; where that is left out, too, with the host that was asked for if only this machine reaches the house, and else letters have no links.',
  }),
  dataDir: option({
    name: 'DATA_DIR',
    group: 'Storage',
    kind: shortText(4096),
    default: './data',
    doc: 'The folder of the embedded engines. It is made if it is missing, readable by its owner only.',
  }),
  secretsKey: optional({
    name: 'SECRETS_KEY',
    group: 'Storage',
    kind: listOf(matching(/^[!-+\--~]{32,200}$/, '32 to 200 characters without spaces and commas'), 5),
    secret: true,
    doc: 'The key that seals secrets in the books, such as what `openssl rand -base64 32` prints. All processes of a house have the same. To change it: see docs/operating.md. Left out, the house makes one and keeps it in SECRETS_FILE.',
  }),
  secretsFile: optional({
    name: 'SECRETS_FILE',
    group: 'Storage',
    kind: shortText(4096),
    doc: 'Where the house keeps the key that it makes for itself. Left out, beside the data folder: DATA_DIR.key, or secrets.key in it where nothing can be written beside it.',
  }),
  stateUrl: option({
    name: 'STATE_URL',
    group: 'Storage',
    kind: engineAddress('sqlite:PATH', 'postgres://…', 'postgresql://…'),
    default: 'sqlite:{DATA_DIR}/kontor.db',
    doc: 'Where the books are kept. Of several hosts (`postgres://NAME:PASSWORD@a:5432,b:5432/DATABASE`), the one that takes writes is used.',
  }),
  streamUrl: option({
    name: 'STREAM_URL',
    group: 'Storage',
    kind: engineAddress('sqlite:PATH', 'postgres://…', 'postgresql://…', 'amqp://…', 'amqps://…', 'kafka://…', 'kafkas://…'),
    default: 'sqlite:{DATA_DIR}/stream.db',
    doc: 'Where the tape of trades and other streams run. Of a cluster name every host, separated by commas.',
  }),
  cacheUrl: option({
    name: 'CACHE_URL',
    group: 'Storage',
    kind: engineAddress('memory', 'memcached://…', 'redis://…', 'rediss://…'),
    default: 'memory',
    doc: 'What answers reads again without asking the store. `memory` is within each process; of several memcached nodes name each, separated by commas.',
  }),
  lakeUrl: option({
    name: 'LAKE_URL',
    group: 'Storage',
    kind: engineAddress('folder:PATH', 'hdfs://…', 's3://…'),
    default: 'folder:{DATA_DIR}/lake',
    doc: 'Where files for analysis are kept, such as the log of accesses: a folder, hdfs://USER@NAMENODE:9870/FOLDER (the port of WebHDFS; more NameNodes after commas), or s3://BUCKET/PREFIX. It is opened when it is first used.',
  }),
  lakeCopiesDir: option({
    name: 'LAKE_COPIES_DIR',
    group: 'Storage',
    kind: shortText(4096),
    default: '{DATA_DIR}/lake-copies',
    doc: 'Where files of a lake in HDFS or S3 are copied to be read. It can be lost at any time.',
  }),
  lakeCopiesMb: option({
    name: 'LAKE_COPIES_MB',
    group: 'Storage',
    kind: wholeNumber({ min: 256, max: 1_000_000 }),
    default: '1024',
    doc: 'How many megabytes of copies each process keeps.',
  }),
  lakeS3Endpoint: optional({
    name: 'LAKE_S3_ENDPOINT',
    alias: 'AWS_ENDPOINT_URL_S3',
    group: 'Storage',
    kind: webOrigin,
    doc: "The server of the bucket, such as https://s3.example; left out, Amazon's. It must refuse to overwrite when it is asked to (If-None-Match).",
  }),
  lakeS3Region: option({
    name: 'LAKE_S3_REGION',
    alias: 'AWS_REGION',
    group: 'Storage',
    kind: matching(/^[a-z0-9-]{1,60}$/, 'a region such as eu-central-1'),
    default: 'us-east-1',
    doc: 'The region of the bucket.',
  }),
  lakeS3AccessKey: optional({
    name: 'LAKE_S3_ACCESS_KEY',
    alias: 'AWS_ACCESS_KEY_ID',
    group: 'Storage',
    kind: shortText(200),
    doc: 'The name of the key that requests to S3 are signed with.',
  }),
  lakeS3SecretKey: optional({
    name: 'LAKE_S3_SECRET_KEY',
    alias: 'AWS_SECRET_ACCESS_KEY',
    group: 'Storage',
    kind: shortText(200),
    secret: true,
    doc: 'The secret part of that key.',
  }),
  lakeS3Token: optional({
    name: 'LAKE_S3_TOKEN',
    alias: 'AWS_SESSION_TOKEN',
    group: 'Storage',
    kind: shortText(4096),
    secret: true,
    doc: 'The token that belongs to temporary keys.',
  }),
  mailUrl: option({
    name: 'MAIL_URL',
    group: 'Storage',
    kind: engineAddress('outbox', 'smtp://…', 'smtps://…'),
    default: 'outbox',
    doc: 'How letters leave the house, such as smtp://user:password@mail.example:587. `outbox` keeps them in the books: a demonstration shows them on its page, `kontor people letters` at the terminal.',
  }),
  mailFrom: option({
    name: 'MAIL_FROM',
    group: 'Storage',
    kind: emailAddress,
    default: 'kontor@localhost',
    doc: 'The address that letters come from.',
  }),
  startTimeoutMs: option({
    name: 'START_TIMEOUT_MS',
    group: 'House',
    kind: wholeNumber({ min: 100, max: 3_600_000 }),
    default: '60000',
    doc: 'The longest that a role may take to start, in milliseconds. One that takes longer stops the house.',
  }),
  shutdownTimeoutMs: option({
    name: 'SHUTDOWN_TIMEOUT_MS',
    group: 'House',
    kind: wholeNumber({ min: 100, max: 3_600_000 }),
    default: '10000',
    doc: 'The longest that stopping may take, in milliseconds, draining included. After that the house ends hard: what was acknowledged is durable all the same.',
  }),
  auditIntervalMs: option({
    name: 'AUDIT_INTERVAL_MS',
    group: 'House',
    kind: wholeNumber({ min: 100, max: dayMs }),
    default: '5000',
    doc: 'The pause between two rounds of the auditor, in milliseconds.',
  }),
  clusterControl: optional({
    name: 'CLUSTER_CONTROL',
    group: 'House',
    kind: matching(
      /^http:\/\/kontor:[0-9a-f]{64}@127\.0\.0\.1:\d{1,5}\/[a-z0-9-]{1,60}$/,
      'the address that `kontor cluster up` gives to its processes',
    ),
    secret: true,
    doc: 'Where a process of `kontor cluster up` reaches the cluster, its secret, and the name of the process. The cluster sets it; leave it out elsewhere.',
  }),
  demo: option({
    name: 'DEMO',
    group: 'House',
    kind: oneOf('auto', 'on', 'off'),
    default: 'auto',
    doc: 'Whether visitors may play: set the speed of the tape, read the letters that would be sent. `auto` is on where only this machine reaches the house (a loopback HOST, neither PUBLIC_URL, ALLOWED_HOSTS nor TRUSTED_PROXIES, and no proxy that forwards requests).',
  }),
  logLevel: option({
    name: 'LOG_LEVEL',
    group: 'Logs',
    kind: oneOf('debug', 'info', 'warn', 'error'),
    default: 'info',
    doc: 'The least important log lines to write. `debug` also shows where in the code an error arose.',
  }),
  logFormat: option({
    name: 'LOG_FORMAT',
    group: 'Logs',
    kind: oneOf('auto', 'json', 'pretty'),
    default: 'auto',
    doc: 'One JSON object a line, or lines for people to read. `auto` is pretty on a terminal and JSON elsewhere.',
  }),
} as const satisfies OptionTable;

/** The parsed options of the house, and of each module by its name. */
export interface Config extends Values<typeof houseOptions> {
  readonly modules: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
