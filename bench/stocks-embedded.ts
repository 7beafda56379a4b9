/** Trades a second from publish to stored results on the embedded engines, beside raw appends of the same bytes to SQLite. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteConnection } from '#engines/sqlite/connection.ts';
import { tapePages } from '#engines/stream/sqlite.ts';
import { type Bench, median, medianRatio } from './bench.ts';
import { bulkTrades } from './house.ts';

const rounds = 3;
const warmUpTrades = 5_000_000;
const measuredTrades = 40_000_000;
const recordBytes = 16;
const frameTrades = 4_096;
/** The usual number of frames in a group of the stream's writer. */
const framesPerCommit = 24;

export const bench: Bench = {
  name: 'stocks-embedded',
  says: 'durable trades a second, publish → stored batches and bars, one process on SQLite with fsync',
  async run({ progress, figure }) {
    const raw: number[] = [];
    const real: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      progress(`round ${round} of ${rounds}: raw appends`);
      raw.push(rawAppends());
      progress(`round ${round} of ${rounds}: the house, bulk mode`);
      real.push((await bulkTrades({ warmUp: warmUpTrades, measured: measuredTrades })).perSecond);
    }
    figure({ what: 'publish → stored results', value: median(real) / 1e6, unit: 'M/s', aim: '≥ 8' });
    figure({ what: 'limit: raw appends of the same bytes, nothing else', value: median(raw) / 1e6, unit: 'M/s' });
    figure({ what: 'ratio', value: medianRatio(real, raw), unit: '', aim: '≥ 0.5' });
  },
};

function rawAppends(): number {
  const folder = mkdtempSync(join(tmpdir(), 'kontor-bench-'));
  const connection = new SqliteConnection({ path: join(folder, 'raw.db'), ...tapePages });
  try {
    connection.exec('create table frame (first integer primary key, count integer not null, body blob not null) strict');
    const insert = connection.prepare('insert into frame values (?, ?, ?)');
    const body = new Uint8Array(frameTrades * recordBytes).map((_, index) => (index * 31) % 251);
    const startedMs = performance.now();
    for (let trades = 0; trades < measuredTrades; ) {
      connection.exec('begin immediate');
      for (let frame = 0; frame < framesPerCommit; frame += 1) {
        insert.run(trades + 1, frameTrades, body);
        trades += frameTrades;
      }
      connection.exec('commit');
    }
    return measuredTrades / ((performance.now() - startedMs) / 1_000);
  } finally {
    connection.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
