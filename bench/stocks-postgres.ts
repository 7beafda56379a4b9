/** Trades a second from publish to stored results with PostgreSQL as the only engine, beside COPY of the same bytes into it. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Bench, median, medianRatio } from './bench.ts';
import { type Cost, costOf, reportCosts } from './costs.ts';
import { bulkTrades } from './house.ts';
import { withPostgresDatabase } from './pgbench.ts';

const rounds = 3;
const warmUpTrades = 1_000_000;
const measuredTrades = Number(process.env.KONTOR_BENCH_TRADES ?? 10_000_000);
const frameTrades = 4_096;
const frameBytes = frameTrades * 16;

export const bench: Bench = {
  name: 'stocks-postgres',
  says: 'durable trades a second, publish → stored batches and bars, with PostgreSQL as State, Stream and Results',
  async run(report) {
    const { progress, figure } = report;
    const copied: number[] = [];
    const real: number[] = [];
    const costs: Cost[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      progress(`round ${round} of ${rounds}: COPY`);
      copied.push(await withPostgresDatabase(copyFrames));
      progress(`round ${round} of ${rounds}: the house, bulk mode`);
      await withPostgresDatabase(async (url) => {
        let houseMs = 0;
        const cost = await costOf(url, async () => {
          const found = await bulkTrades({ warmUp: warmUpTrades, measured: measuredTrades }, { STATE_URL: url, STREAM_URL: url });
          real.push(found.perSecond);
          houseMs = found.houseMs;
          return (warmUpTrades + measuredTrades) / 1_000;
        });
        const { units, databaseMs, loggedBytes, keptBytes } = cost;
        costs.push({ units, houseMs, databaseMs, loggedBytes, keptBytes });
      });
    }
    figure({ what: 'publish → stored results', value: median(real) / 1e6, unit: 'M/s' });
    figure({ what: 'limit: COPY of the same bytes, one fsync a megabyte and a half', value: median(copied) / 1e6, unit: 'M/s' });
    figure({ what: 'ratio', value: medianRatio(real, copied), unit: '' });
    reportCosts(report, 'a thousand trades', costs);
  },
};

/** Binary COPY of frames into a table like the stream's, as many frames a transaction as the house usually commits. */
async function copyFrames(url: string): Promise<number> {
  const framesPerCommit = 24;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('create table copied (first bigint primary key, body bytea not null)');
    await client.query('alter table copied alter body set storage external');
    const body = randomBytes(frameBytes);
    const startedMs = performance.now();
    for (let trades = 0; trades < measuredTrades; ) {
      const rows = [];
      for (let frame = 0; frame < framesPerCommit; frame += 1, trades += frameTrades) rows.push(binaryRow(trades + 1, body));
      await copyIn(client, Buffer.concat([copyHeader, ...rows, copyTrailer]));
    }
    return measuredTrades / ((performance.now() - startedMs) / 1_000);
  } finally {
    await client.end();
  }
}

/** https://www.postgresql.org/docs/current/sql-copy.html, “Binary Format” */
const copyHeader = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
const copyTrailer = Buffer.from('ffff', 'hex');

function binaryRow(first: number, body: Buffer): Buffer {
  const row = Buffer.alloc(18);
  row.writeInt16BE(2, 0);
  row.writeInt32BE(8, 2);
  row.writeBigInt64BE(BigInt(first), 6);
  row.writeInt32BE(body.length, 14);
  return Buffer.concat([row, body]);
}

/** A query object that sends one buffer of COPY data over a pg connection, without the streams of https://node-postgres.com. */
function copyIn(client: pg.Client, data: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const query: pg.Submittable & Record<string, unknown> = {
      submit: (connection) => connection.query('copy copied (first, body) from stdin (format binary)'),
      handleCopyInResponse: (connection: CopyConnection) => {
        connection.sendCopyFromChunk(data);
        connection.endCopyFrom();
      },
      handleError: reject,
      handleReadyForQuery: () => resolve(),
      handleCommandComplete: () => {},
    };
    client.query(query);
  });
}

interface CopyConnection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}
