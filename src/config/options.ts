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
    doc: "Addresses of proxies whose word on a client's address (X-Forwarded-For) is believed. Set PUBLIC_URL or ALLOWED_HOSTS too: links in letters never come from a request that a proxy brings. Name yours, or every client shares one rate limit.",
  }),
  rateLimitPerMinute: option({
    name: 'RATE_LIMIT_PER_MINUTE',
    group: 'Web',
    kind: wholeNumber({ min: 0, max: 10_000_000 }),
    default: '3000',
    doc: 'HTTP requests a minute allowed from one address; 0 for no limit. Health and metrics are not counted.',
  }),
  publicUrl: optional({
    name: 'PUBLIC_URL',
    group: 'Web',
    kind: webOrigin,
    doc: 'How people reach the house, such as https://kontor.example; links in letters begin with it. Left out, letters name the host that was asked for on a loopback address without TRUSTED_PROXIES, else the first of ALLOWED_HOSTS.',
  }),
  dataDir: option({
    name: 'DATA_DIR',
    group: 'Storage',
    kind: shortText(4096),
    default: './data',
    doc: 'The folder of the embedded engines. It is made if it is missing, readable by its owner only.',
  }),
  stateUrl: option({
    name: 'STATE_URL',
    group: 'Storage',
    kind: engineAddress('sqlite:PATH', 'postgres://…', 'postgresql://…'),
    default: 'sqlite:{DATA_DIR}/kontor.db',
    doc: 'Where the books are kept.',
  }),
  streamUrl: option({
    name: 'STREAM_URL',
    alias: 'RABBITMQ_URL',
    group: 'Storage',
    kind: engineAddress('sqlite:PATH', 'postgres://…', 'postgresql://…', 'amqp://…', 'amqps://…'),
    default: 'sqlite:{DATA_DIR}/stream.db',
    doc: 'Where the tape of trades and other streams run. Of a cluster name every host, separated by commas.',
  }),
  cacheUrl: option({
    name: 'CACHE_URL',
    group: 'Storage',
    kind: engineAddress('memory'),
    default: 'memory',
    doc: 'What answers reads again without asking the store. `memory` is within each process.',
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
