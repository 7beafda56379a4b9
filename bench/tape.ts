/** The tape end to end for benchmarks: a publisher and aggregators in separate processes on one broker, State on SQLite. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type BenchHouse, bulkMode, countedPerSecond, startHouse } from './house.ts';

const kontor = fileURLToPath(new URL('../bin/kontor.js', import.meta.url));

/** Trades a second from publish to stored results. All laws are checked afterwards. */
export async function tapePerSecond(
  streamUrl: string,
  aggregatorCount: number,
  trades: { readonly warmUp: number; readonly measured: number },
  limitMs: number,
): Promise<number> {
  const houses: BenchHouse[] = [];
  const start = async (role: string) => {
    const shared = houses[0] ? { DATA_DIR: houses[0].folder } : {};
    const env = { ...shared, ...bulkMode, STREAM_URL: streamUrl, STOCKS_MAX_BACKLOG_BYTES: '4194304' };
    const house = await startHouse(['run', role], env);
    houses.push(house);
    return house;
  };
  try {
    const first = await start('stocks-aggregator');
    for (let more = 1; more < aggregatorCount; more += 1) await start('stocks-aggregator');
    const publisher = await start('stocks-publisher');
    const results = await first.results();
    const perSecond = await countedPerSecond(results, trades, limitMs);
    // While the aggregators still run, so that they take the frames in flight.
    await publisher.stop();
    houses.pop();
    await checkLaws(first.folder, streamUrl);
    return perSecond;
  } finally {
    // All use the folder of the first one.
    for (const house of houses.reverse()) await house.stop();
  }
}

/** Asserts that every batch has a thousand trades, that none is missing or counted twice, and that they equal the published ones. */
async function checkLaws(folder: string, streamUrl: string): Promise<void> {
  const env = { ...process.env, DATA_DIR: folder, STREAM_URL: streamUrl, LOG_LEVEL: 'error' };
  const audit = spawn(process.execPath, [kontor, 'audit'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let table = '';
  audit.stdout.on('data', (piece) => {
    table += piece;
  });
  const [code] = (await once(audit, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the books do not balance after the run:\n${table}`);
}
