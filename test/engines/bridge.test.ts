/** Existing publishers and viewers around Kontor, on a real RabbitMQ: every trade arrives once, even when the bridge is killed. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { connect } from 'amqplib';
import { freePorts } from '#cluster/free-port.ts';
import { deadLetterQueue } from '#modules/stocks/engines/inbox/rabbitmq.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { type HouseOptions, startHouse, type TestHouse } from '../e2e/house.ts';
import { type ForeignPublisher, type ForeignTrade, startForeignPublisher } from './foreign-publisher.ts';
import { type ForeignViewer, openForeignViewer } from './foreign-viewer.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('rabbitmq');
const kills = 6;
const tradesPerRound = 4_000;

interface CompanySummary {
  readonly company: string;
  readonly position: number;
  readonly lastPriceCents: number;
  readonly batches: number;
  readonly openTrades: number;
}

describe('the bridge on RabbitMQ', { skip: server.skip, timeout: 300_000 }, () => {
  // Unique names, because other tests use the same server.
  const companies = ['A', 'B', 'C'].map((letter) => `${letter}${randomInt(1e9)}`).toSorted();
  const [company = '', other = '', third = ''] = companies;
  let publisher: ForeignPublisher;
  /** Everything except the bridge. */
  let house: TestHouse;

  before(async () => {
    publisher = await startForeignPublisher(server.url);
    // It simulates other companies than those of the bridge.
    house = await startHouse({
      command: ['run', 'relay', 'stocks-aggregator', 'stocks-liveview', 'stocks-publisher', 'auditor'],
      env: { STOCK: 'SIMX', RATE_LIMIT_PER_MINUTE: '0', STOCKS_HISTORY_MINUTES: '0' },
    });
  });
  after(async () => {
    await house?.remove();
    await publisher?.close();
  });

  const booksOf = ({ dataDir }: TestHouse) => ({ STATE_URL: `sqlite:${dataDir}/kontor.db`, STREAM_URL: `sqlite:${dataDir}/stream.db` });
  const bridge = (codes: readonly string[]): HouseOptions => ({
    command: ['run', 'stocks-bridge'],
    env: { ...booksOf(house), STOCK: codes.join(','), RABBITMQ_URL: server.url },
  });
  async function summaryOf(code: string): Promise<CompanySummary | undefined> {
    const answer = await fetch(`${house.url}/api/stocks/companies`);
    const { companies: all } = (await answer.json()) as { readonly companies: readonly CompanySummary[] };
    return all.find((one) => one.company === code);
  }
  async function position(code: string): Promise<number> {
    return (await summaryOf(code))?.position ?? 0;
  }
  async function statusOf({ url }: TestHouse): Promise<string> {
    const { roles } = (await (await fetch(`${url}/ready`)).json()) as { readonly roles: Record<string, { readonly says: string }> };
    return roles['stocks-bridge']?.says ?? '';
  }

  it('loses and doubles no trade when it is killed repeatedly, and existing viewers see the averages', async (t) => {
    let running = await startHouse(bridge([company, other]));
    t.after(() => running.remove());
    let sent = 0;
    for (let round = 0; round < kills; round += 1) {
      const before = await position(company);
      await publisher.send(company, someTrades(tradesPerRound));
      await publisher.send(other, someTrades(tradesPerRound / 4));
      sent += tradesPerRound;
      await until(async () => (await position(company)) > before, { describe: 'the bridge to be taking trades in' });
      await running.kill();
      running = await startHouse(bridge([company, other]));
      t.after(() => running.remove());
    }
    await until(async () => (await position(company)) >= sent && (await position(other)) >= sent / 4, {
      timeoutMs: 60_000,
      describe: () => `${sent} trades on the tape`,
    });
    await until(async () => (await publisher.waiting(company)) + (await publisher.waiting(other)) === 0, { describe: 'empty queues' });
    assert.equal(await position(company), sent);
    assert.equal(await position(other), sent / 4);

    let prices: ReturnType<ForeignViewer['prices']>;
    let pauseMs = Number.POSITIVE_INFINITY;
    const inTime = async () => {
      const viewer = await openForeignViewer(house.url);
      await until(() => viewer.messages() >= 6, { describe: 'six messages to the viewer' });
      pauseMs = viewer.longestPauseMs();
      viewer.close();
      prices = viewer.prices();
      return pauseMs <= 500;
    };
    // More than once where a busy machine delays a message.
    await until(inTime, { describe: () => `messages every 500 ms; the longest pause was ${pauseMs} ms` });
    // Prices repeat every thousand trades, so that every batch has the same average, 104.995.
    assert.deepEqual(
      prices?.filter((price) => companies.includes(price.company)),
      [
        { company, avgPrice: 105 },
        { company: other, avgPrice: 105 },
      ],
    );
  });

  it('puts messages that are not trades aside with the reason, and takes in later trades', async (t) => {
    const running = await startHouse(bridge([third]));
    t.after(() => running.remove());
    t.after(() => removeDeadLetters(server.url));
    await publisher.send(third, [{ eventType: 'buy', price: 19.99 }]);
    await publisher.sendRaw(third, `{"company":"${third}","eventType":"hold","price":1}`);
    await publisher.sendRaw(third, 'what?');
    await publisher.send(third, [{ eventType: 'sell', price: 0.07 }]);
    await until(async () => (await position(third)) === 2, { describe: 'both trades' });
    assert.equal((await summaryOf(third))?.lastPriceCents, 7);
    await until(async () => /took in 2 trades .* 2 messages put aside/.test(await statusOf(running)), {
      describe: 'a status that counts both bad messages',
    });
    const first = await publisher.takeOne(deadLetterQueue);
    const second = await publisher.takeOne(deadLetterQueue);
    assert.equal(first?.headers['x-kontor-queue'], third);
    assert.match(String(first?.headers['x-kontor-reason']), /^eventType must be buy or sell, not "hold"/);
    assert.equal(second?.body, 'what?');
    assert.match(String(second?.headers['x-kontor-reason']), /must be a JSON object/);
    const metrics = await (await fetch(`${running.url}/metrics`)).text();
    assert.match(metrics, new RegExp(`kontor_stocks_bridge_refused_total{company="${third}"} 2`));
  });

  it('runs beside a house by the commands of docs/operating.md, word for word but for the broker and the ports', async (t) => {
    const docs = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8');
    const [, first = '', second = ''] = /```sh\n(.* npx kontor up)\n(.* npx kontor run stocks-bridge)\n```/.exec(docs) ?? [];
    const [port, otherPort] = await freePorts(2);
    const folder = temporaryFolder(t);
    const lines = [first, second.replace('amqp://localhost', server.url).replace('PORT=3001', `PORT=${otherPort}`)];
    const running = lines.map((line) =>
      spawn('sh', ['-c', `exec ${line.replace(/^((?:\S+=\S+ )+)/, 'env $1')}`], {
        cwd: new URL('../..', import.meta.url),
        env: { PATH: process.env.PATH, DATA_DIR: folder, PORT: String(port), STOCKS_HISTORY_MINUTES: '0', RATE_LIMIT_PER_MINUTE: '0' },
        stdio: 'ignore',
        detached: true,
      }),
    );
    t.after(() =>
      Promise.all(running.map((child) => child.exitCode ?? (process.kill(-(child.pid ?? 0), 'SIGKILL') && once(child, 'exit')))),
    );
    await publisher.send('TSLA', [{ eventType: 'buy', price: 12.34 }]);
    const tesla = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/api/stocks/companies/TSLA`).catch(() => undefined);
      return answer?.ok === true && ((await answer.json()) as object);
    };
    const seen = await until(tesla, { timeoutMs: 120_000, describe: 'the trade of the existing publisher' });
    const { name, simulated, lastPriceCents } = seen as Record<string, unknown>;
    assert.deepEqual({ name, simulated, lastPriceCents }, { name: 'TSLA', simulated: false, lastPriceCents: 1_234 });
  });

  it('is refused at start for companies that are simulated on the same books', async () => {
    await assert.rejects(startHouse(bridge(['SIMX'])), /SIMX is simulated by a publisher here: leave it out of STOCK/);
  });
});

let made = 0;

/** No two runs of them are alike: messages without numbers are known again by what is in them. */
function someTrades(count: number): readonly ForeignTrade[] {
  return Array.from({ length: count }, (_, index) => {
    made += 1;
    return {
      eventType: Math.sin(made) < 0 ? 'sell' : 'buy',
      price: (10_000 + (index % 1_000)) / 100,
    };
  });
}

async function removeDeadLetters(url: string): Promise<void> {
  const connection = await connect(url);
  await (await connection.createChannel()).deleteQueue(deadLetterQueue);
  await connection.close();
}
