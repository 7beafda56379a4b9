/** Memory of the whole house: idle, and while 100 million trades go through it. */
import { setTimeout } from 'node:timers/promises';
import { type Bench, median } from './bench.ts';
import { bulkMode, startHouse, untilCounted } from './house.ts';

/** The timetable of the demonstration is made after the house is open, and belongs to it. */
const idleMs = 20_000;
const totalTrades = 100_000_000;
const samples = 20;

export const bench: Bench = {
  name: 'memory',
  says: 'resident memory of the whole house, idle and over 100 million trades',
  async run({ progress, figure }) {
    progress('idle: no trades, no viewers');
    figure({ what: 'resident, idle', value: await idle(), unit: 'MB', aim: '≤ 160' });
    progress('100 million trades in bulk mode');
    const during = await whileCounting(progress);
    const early = median(during.slice(samples / 4, samples / 2));
    const late = median(during.slice(-samples / 4));
    figure({ what: 'resident after 25 to 50 million trades (median)', value: early, unit: 'MB' });
    figure({ what: 'resident after 75 to 100 million trades (median)', value: late, unit: 'MB' });
    figure({ what: 'growth', value: late / early, unit: '', aim: '≤ 1.1' });
  },
};

async function idle(): Promise<number> {
  const house = await startHouse(['up'], { STOCKS_HISTORY_MINUTES: '0', TICKER_INTERVAL: '1000000' });
  try {
    await setTimeout(idleMs);
    return house.residentMegabytes();
  } finally {
    await house.stop();
  }
}

async function whileCounting(progress: (message: string) => void): Promise<readonly number[]> {
  const house = await startHouse(['up'], bulkMode);
  try {
    const results = await house.results();
    const resident: number[] = [];
    for (let sample = 1; sample <= samples; sample += 1) {
      await untilCounted(results, (totalTrades / samples) * sample, 120_000);
      resident.push(house.residentMegabytes());
      if (sample % 5 === 0)
        progress(`${(totalTrades / samples / 1e6) * sample} million trades, ${house.residentMegabytes().toFixed(0)} MB`);
    }
    return resident;
  } finally {
    await house.stop();
  }
}
