/** The time from `kontor up` on an empty folder to the first page. */
import { type Bench, median } from './bench.ts';
import { startHouse } from './house.ts';

const rounds = 5;

export const bench: Bench = {
  name: 'start-up',
  says: 'from the start of the process on an empty data folder to the first page, in milliseconds',
  async run({ figure }) {
    const opened: number[] = [];
    const firstPage: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const house = await startHouse(['up'], {});
      const askedMs = performance.now();
      const response = await fetch(house.url);
      if (!response.ok) throw new Error(`the first page answered ${response.status}`);
      await response.text();
      opened.push(house.openedAfterMs);
      firstPage.push(house.openedAfterMs + performance.now() - askedMs);
      await house.stop();
    }
    figure({ what: 'house open (median)', value: median(opened), unit: 'ms' });
    figure({ what: 'first page served (median)', value: median(firstPage), unit: 'ms', aim: '≤ 1000' });
  },
};
