/** Pages a second of one `kontor mine` for a real house, beside crawlers that fetch the same pages for nobody. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { realClock } from '#house/real-clock.ts';
import { askProcess } from './asked-process.ts';
import { type Bench, median, medianRatio } from './bench.ts';
import {
  addPerson,
  addTrustedMiner,
  errandsMode,
  type PageServer,
  placeAll,
  plainSchedule,
  startMiner,
  startPageServer,
  untilResults,
} from './errands/market.ts';
import { scrapyPython } from './errands/peer-packages.ts';
import { startHouse } from './house.ts';

const rounds = 3;
/** An order is due so often at once: as after a house stood still for as many seconds. */
const runsPerOrder = 20;
const orders = Number(process.env.KONTOR_BENCH_ORDERS ?? 400);
/** The peers are slower: for as long as the miner they need fewer. */
const peerPages = Math.ceil((orders * runsPerOrder) / 3);
const limitMs = 90_000;

export const bench: Bench = {
  name: 'errands-mine',
  says: 'pages of 2 KB a second of one kontor mine, 32 at once, for a house beside it; and of HttpCrawler and Scrapy',
  async run({ progress, figure }) {
    const rates = { mine: [] as number[], crawlee: [] as number[], scrapy: [] as number[] };
    const pages = await startPageServer();
    try {
      for (let round = 1; round <= rounds; round += 1) {
        progress(`kontor mine, round ${round} of ${rounds}`);
        rates.mine.push(await minedPerSecond(pages));
        progress(`HttpCrawler and Scrapy, round ${round} of ${rounds}`);
        rates.crawlee.push(await crawleePerSecond(pages));
        rates.scrapy.push(await scrapyPerSecond(pages));
      }
    } finally {
      pages.stop();
    }
    figure({ what: 'kontor mine: claimed, fetched, stored and paid', value: median(rates.mine), unit: 'pages/s' });
    figure({ what: 'peer: HttpCrawler of Crawlee, fetched', value: median(rates.crawlee), unit: 'pages/s' });
    figure({ what: 'ratio', value: medianRatio(rates.mine, rates.crawlee), unit: '', aim: '≥ 2' });
    figure({ what: 'peer: Scrapy, fetched', value: median(rates.scrapy), unit: 'pages/s' });
    figure({ what: 'ratio', value: medianRatio(rates.mine, rates.scrapy), unit: '', aim: '≥ 2' });
  },
};

/** From the first claim to the last result in the books of the house, which audits one page of twenty meanwhile. */
async function minedPerSecond(pages: PageServer): Promise<number> {
  const house = await startHouse(['up'], errandsMode(pages));
  try {
    const state = await house.state();
    const [customer, miner] = [await addPerson(state, 'customer'), await addTrustedMiner(state, 'miner')];
    const start = realClock.now() - runsPerOrder * 1_000;
    const schedule = plainSchedule({ start, repeat: { kind: 'interval', seconds: 1 }, repetitions: runsPerOrder });
    await placeAll(state, customer, pages, Array(orders).fill(schedule));
    const mining = startMiner(house, miner, pages);
    try {
      const wanted = orders * runsPerOrder;
      const { delivered, firstClaimedAt, lastDeliveredAt } = await untilResults(state, wanted, { limitMs, program: mining });
      if (delivered !== wanted) throw new Error(`${delivered} of ${wanted} runs were delivered`);
      return wanted / ((lastDeliveredAt - firstClaimedAt) / 1_000);
    } finally {
      await mining.stop();
    }
  } finally {
    await house.stop();
  }
}

function crawleePerSecond({ host }: PageServer): Promise<number> {
  return askProcess('./errands/crawlee-peer.ts', { url: `http://${host}`, pages: peerPages });
}

async function scrapyPerSecond({ host }: PageServer): Promise<number> {
  const program = fileURLToPath(new URL('./errands/scrapy-peer.py', import.meta.url));
  const child = spawn(scrapyPython(), [program, `http://${host}`, String(peerPages)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const perSecond = Number(await text(child.stdout));
  if (!(perSecond > 0)) throw new Error('Scrapy did not say how fast it was');
  return perSecond;
}
