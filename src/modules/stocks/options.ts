/** The options of the stocks market. */
import { decimalNumber, engineAddress, listOf, matching, shortText, wholeNumber } from '#core/options/kinds.ts';
import { type OptionTable, option, optional } from '#core/options/option.ts';
import { companyPattern } from './domain/companies.ts';

const companyCode = matching(new RegExp(companyPattern), 'an upper-case code such as MSFT');
const mongodbName = matching(/^(?!system)[A-Za-z_][A-Za-z0-9_-]{0,62}$/, 'up to 63 letters, digits, _ or -, not beginning with system');

export const stocksOptions = {
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
  streamTradesUrl: optional({
    name: 'STREAM_TRADES_URL',
    group: 'Storage',
    kind: engineAddress('sqlite:PATH', 'postgres://…', 'postgresql://…', 'amqp://…', 'amqps://…', 'kafka://…', 'kafkas://…'),
    doc: 'Another engine for the topic of trades alone. Left out, it runs where STREAM_URL says.',
  }),
  rabbitmqUrl: optional({
    name: 'RABBITMQ_URL',
    group: 'Storage',
    kind: engineAddress('amqp://…', 'amqps://…'),
    doc: 'The RabbitMQ that existing publishers send to: `stocks-bridge` takes in their queues, one for each company in STOCK (MSFT, TSLA and AAPL when left out). Kontor keeps nothing of its own there: where its streams run, STREAM_URL says.',
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
    doc: 'A new tape begins with simulated trades of this many minutes before now, so that charts are not empty.',
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
} as const satisfies OptionTable;
