/** The one table of options: from it come the environment's names, the flags, `--help`, `kontor config` and docs/configuration.md. */
import { decimalNumber, engineAddress, type Kind, listOf, matching, oneOf, shortText, wholeNumber } from './kinds.ts';

export type Group = 'Web' | 'Storage' | 'House' | 'People' | 'Logs' | 'Stocks' | 'Shop';

export interface Option<Value> {
  /** The name in the environment; the flag follows from it: `DATA_DIR` is `--data-dir`. */
  readonly name: string;
  /** Another name in the environment, which operators of such systems already use; read when `name` is not set. */
  readonly alias?: string;
  readonly group: Group;
  /** One or two sentences, the first of which is shown by `--help`. */
  readonly doc: string;
  readonly kind: Kind<Value>;
  /** As one would write it, or undefined where leaving it out means something of its own; `{DATA_DIR}` stands for that option's value. */
  readonly default: string | undefined;
  /** Never shown at all. */
  readonly secret: boolean;
}

type Description<Value> = Omit<Option<Value>, 'default' | 'secret'> & { readonly secret?: boolean };

function option<Value>(description: Description<Value> & { readonly default: string }): Option<Value> {
  return { secret: false, ...description };
}

function optional<Value>(description: Description<Value>): Option<Value | undefined> {
  return { secret: false, default: undefined, ...description };
}

const hostName = matching(/^[A-Za-z0-9._:-]{1,253}$/, 'a host name or an address such as 127.0.0.1');
const network = matching(/^[0-9A-Fa-f.:]{2,45}(\/\d{1,3})?$/, 'an address such as 10.0.0.7 or a network such as 10.0.0.0/8');
/** The same pattern as the stocks market's schema for company codes. */
const companyCode = matching(/^[A-Z][A-Z0-9.-]{0,11}$/, 'an upper-case code such as MSFT');

const mongodbName = matching(/^(?!system)[A-Za-z_][A-Za-z0-9_-]{0,62}$/, 'up to 63 letters, digits, _ or -, not beginning with system');

const webOrigin = matching(/^https?:\/\/[A-Za-z0-9._-]{1,253}(:\d{1,5})?$/, 'an address such as https://kontor.example, without a path');
/** The same form as the people's room takes. */
const emailAddress = matching(
  /^[^\sA-Z@<>"(),:;[\]\\]{1,64}@[^\sA-Z@<>"(),:;[\]\\]{1,189}$/,
  'a lower-case address such as admin@kontor.example',
);

const dayMs = 86_400_000;

const options = {
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
    doc: "Addresses of proxies whose word on a client's address (X-Forwarded-For) is believed. Name yours, or every client shares one rate limit.",
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
    doc: 'How people reach the house, such as https://kontor.example; links in letters begin with it. Left out, letters name the host that was asked for on a loopback address, else the first of ALLOWED_HOSTS.',
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
  streamTradesUrl: optional({
    name: 'STREAM_TRADES_URL',
    group: 'Storage',
    kind: engineAddress('sqlite:PATH', 'postgres://…', 'postgresql://…', 'amqp://…', 'amqps://…'),
    doc: 'Another engine for the topic of trades alone. Left out, it runs where STREAM_URL says.',
  }),
  resultsUrl: option({
    name: 'RESULTS_URL',
    group: 'Storage',
    alias: 'MONGODB_URL',
    kind: engineAddress('state', 'mongodb://…', 'mongodb+srv://…'),
    default: 'state',
    doc: 'Where batches and bars of the stocks market are stored. `state` keeps them beside the books; a MongoDB replica set also has averages for foreign viewers.',
  }),
  mongodbDatabase: option({
    name: 'MONGODB_DB',
    group: 'Storage',
    kind: mongodbName,
    default: 'stockmarket',
    doc: 'The database that results are kept in, where RESULTS_URL names a MongoDB.',
  }),
  mongodbCollection: option({
    name: 'MONGODB_COLLECTION',
    group: 'Storage',
    kind: mongodbName,
    default: 'stocks',
    doc: 'The collection in which foreign viewers find the averages of closed batches: `company`, `avgPrice`, and the newest `_id` of a company is the current one.',
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

  rabbitmqUrl: optional({
    name: 'RABBITMQ_URL',
    group: 'Storage',
    kind: engineAddress('amqp://…', 'amqps://…'),
    doc: 'The RabbitMQ that existing publishers send to: `stocks-bridge` takes in their queues, one for each company in STOCK (MSFT, TSLA and AAPL when left out).',
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

  adminEmail: option({
    name: 'ADMIN_EMAIL',
    group: 'People',
    kind: emailAddress,
    default: 'admin@localhost',
    doc: 'The address of the admin that the first start of an empty house opens an account for. Its password is printed once.',
  }),
  sessionIdleHours: option({
    name: 'SESSION_IDLE_HOURS',
    group: 'People',
    kind: wholeNumber({ min: 1, max: 8_760 }),
    default: '168',
    doc: 'A session that nobody used for so many hours is over.',
  }),
  sessionMaxDays: option({
    name: 'SESSION_MAX_DAYS',
    group: 'People',
    kind: wholeNumber({ min: 1, max: 366 }),
    default: '30',
    doc: 'After so many days one has to log in again, however much the session was used.',
  }),

  coinsFaucetPerDay: option({
    name: 'COINS_FAUCET_PER_DAY',
    group: 'People',
    kind: wholeNumber({ min: 0, max: 1_000_000_000 }),
    default: '500',
    doc: 'Coins that a demonstration (see DEMO) gives an account for nothing, once a day; 0 for none.',
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

  stocksCompanies: optional({
    name: 'STOCK',
    group: 'Stocks',
    kind: listOf(companyCode, 1_000),
    doc: 'Codes of the companies that the publisher simulates. Left out, the twelve that Kontor knows; others get a temper that follows from their code.',
  }),
  stocksSeed: option({
    name: 'STOCKS_SEED',
    group: 'Stocks',
    kind: shortText(200),
    default: 'kontor',
    doc: 'The seed of the simulated world. The same seed gives the same trades, trade for trade; changing it on a tape that has begun breaks the law that batches can be recomputed.',
  }),
  tickerIntervalMs: option({
    name: 'TICKER_INTERVAL',
    group: 'Stocks',
    kind: decimalNumber({ min: 0, max: 3_600_000 }),
    default: '1',
    doc: 'Milliseconds between two trades of a company; 0 is as fast as possible. `kontor stocks rate` changes it while the house runs.',
  }),
  batchSize: option({
    name: 'BATCH_SIZE',
    group: 'Stocks',
    kind: wholeNumber({ min: 1, max: 100_000 }),
    default: '1000',
    doc: 'Trades in a batch. A company that has begun with one size keeps it.',
  }),
  stocksHistoryMinutes: option({
    name: 'STOCKS_HISTORY_MINUTES',
    group: 'Stocks',
    kind: wholeNumber({ min: 0, max: 10_080 }),
    default: '1440',
    doc: 'On a new tape, simulated trades of so many minutes before now come first, so that charts are not empty.',
  }),
  stocksMaxBacklogBytes: option({
    name: 'STOCKS_MAX_BACKLOG_BYTES',
    group: 'Stocks',
    kind: wholeNumber({ min: 1_048_576, max: 1_099_511_627_776 }),
    default: '67108864',
    doc: 'Trades of one company that wait to be counted, in bytes, at which the publisher waits too.',
  }),
  stocksKeepBatches: option({
    name: 'STOCKS_KEEP_BATCHES',
    group: 'Stocks',
    kind: wholeNumber({ min: 100, max: 1_000_000_000 }),
    default: '50000',
    doc: 'Closed batches kept for each company. Older ones are removed; they stay counted.',
  }),
  stocksKeepSecondBarsHours: option({
    name: 'STOCKS_KEEP_SECOND_BARS_HOURS',
    group: 'Stocks',
    kind: wholeNumber({ min: 1, max: 8_760 }),
    default: '6',
    doc: 'How long bars of one second are kept, in hours.',
  }),
  stocksKeepMinuteBarsDays: option({
    name: 'STOCKS_KEEP_MINUTE_BARS_DAYS',
    group: 'Stocks',
    kind: wholeNumber({ min: 1, max: 3_660 }),
    default: '30',
    doc: 'How long bars of one minute are kept, in days.',
  }),
  stocksKeepHourBarsDays: option({
    name: 'STOCKS_KEEP_HOUR_BARS_DAYS',
    group: 'Stocks',
    kind: wholeNumber({ min: 1, max: 36_600 }),
    default: '3660',
    doc: 'How long bars of one hour are kept, in days.',
  }),

  shopTax: option({
    name: 'SHOP_TAX',
    group: 'Shop',
    kind: oneOf('included', 'added'),
    default: 'included',
    doc: 'Whether prices in the shop contain the tax, or it is added at checkout. Orders keep what was the rule when they were made.',
  }),
  shopReservationMinutes: option({
    name: 'SHOP_RESERVATION_MINUTES',
    group: 'Shop',
    kind: wholeNumber({ min: 1, max: 1_440 }),
    default: '15',
    doc: 'How long goods are kept for a cart that asked for it, or for an order that waits for its payment, in minutes.',
  }),
  shopDemoGoods: option({
    name: 'SHOP_DEMO_GOODS',
    group: 'Shop',
    kind: oneOf('auto', 'on', 'off'),
    default: 'auto',
    doc: 'Whether an empty shop is filled with two hundred products to look at. `auto` does so in a demonstration (see DEMO).',
  }),
  shopTestPayments: option({
    name: 'SHOP_TEST_PAYMENTS',
    group: 'Shop',
    kind: oneOf('auto', 'on', 'off'),
    default: 'auto',
    doc: 'Whether orders can be paid through a provider that moves no money, beside coins. `auto` offers it in a demonstration (see DEMO); elsewhere it gives goods away.',
  }),
  shopPaymentSecret: optional({
    name: 'SHOP_PAYMENT_SECRET',
    group: 'Shop',
    kind: matching(/^[!-~]{16,200}$/, 'text of 16 to 200 visible ASCII characters'),
    secret: true,
    doc: 'What the payment provider signs its messages with. Left out, each process makes one of its own: give it where several run.',
  }),
} as const satisfies Readonly<Record<string, Option<unknown>>>;

export type OptionKey = keyof typeof options;

/** What the options say, read and checked. */
export type Config = { readonly [Key in OptionKey]: (typeof options)[Key] extends Option<infer Value> ? Value : never };

/** `DATA_DIR` → `--data-dir`. */
export function flagOf(option: Pick<Option<unknown>, 'name'>): string {
  return `--${option.name.toLowerCase().replaceAll('_', '-')}`;
}

/** The table as a list, for those who go through all of it. */
export const optionList = Object.entries(options) as unknown as readonly (readonly [OptionKey, Option<unknown>])[];

export function namesOf({ name, alias }: Pick<Option<unknown>, 'name' | 'alias'>): readonly string[] {
  return alias === undefined ? [name] : [name, alias];
}

/** Every name under which an option stands in the environment. */
export const optionNames: readonly string[] = optionList.flatMap(([, option]) => namesOf(option));

/** The variable that names a file in which the value stands. */
export function fileVariableOf(name: string): string {
  return `${name}_FILE`;
}
