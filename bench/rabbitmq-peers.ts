/**
 * The peers of the house on the same RabbitMQ, in separate processes: frames published and consumed without further work,
 * and the classic way, one JSON message per trade.
 */
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { type Channel, type ConfirmChannel, connect, type Options } from 'amqplib';
import { defaultCompanies } from '#modules/stocks/domain/companies.ts';
import { recordBytes } from '#modules/stocks/domain/trades.ts';
import { reportCounted } from './peers.ts';

export type PeerRole = 'raw-publisher' | 'raw-consumer' | 'classic-publisher' | 'classic-consumer';

const companies = defaultCompanies.map(({ code }) => code);
/** As in the house's bulk mode. */
const frameTrades = 4_096;
const framesUnconfirmed = 8;
const maxFramesWaiting = 64;
const prefetchFrames = 64;
const acknowledgeFrames = 16;
const classicBatch = 1_000;

const rawQueue: Options.AssertQueue = { durable: true, arguments: { 'x-queue-type': 'quorum', 'x-single-active-consumer': true } };
const classicQueue: Options.AssertQueue = { durable: false };

/** Publishes each company as fast as RabbitMQ confirms and the consumer keeps up, like the house. */
async function publishRaw(channel: ConfirmChannel, company: string): Promise<void> {
  const body = Buffer.from(new Uint8Array(frameTrades * recordBytes).map((_, index) => (index * 31) % 251));
  const queue = `raw-${company}`;
  const sending = new Set<Promise<void>>();
  for (let frames = 0; ; frames += 1) {
    if (frames % (maxFramesWaiting / 2) === 0) {
      while ((await channel.assertQueue(queue, rawQueue)).messageCount > maxFramesWaiting / 2) await setTimeout(10);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    // Refused or stored: only consumed trades are counted.
    channel.sendToQueue(queue, body, { persistent: true }, () => resolve());
    const tracked = promise.finally(() => sending.delete(tracked));
    sending.add(tracked);
    if (sending.size >= framesUnconfirmed) await Promise.race(sending);
  }
}

async function consumeRaw(channel: Channel, company: string, count: (trades: number) => void): Promise<void> {
  let unacknowledged = 0;
  await channel.assertQueue(`raw-${company}`, rawQueue);
  await channel.prefetch(prefetchFrames);
  await channel.consume(`raw-${company}`, (message) => {
    if (!message) return;
    count(message.content.length / recordBytes);
    unacknowledged += 1;
    if (unacknowledged < acknowledgeFrames) return;
    unacknowledged = 0;
    channel.ack(message, true);
  });
}

async function publishClassic(channel: Channel): Promise<void> {
  for (const company of companies) await channel.assertQueue(company, classicQueue);
  for (let trade = 0; ; trade += 1) {
    const company = companies[trade % companies.length] ?? '';
    const event = { company, eventType: trade % 2 === 0 ? 'buy' : 'sell', price: 100 + (trade % 977) / 100 };
    if (!channel.sendToQueue(company, Buffer.from(JSON.stringify(event)))) await once(channel, 'drain');
  }
}

async function consumeClassic(channel: Channel, company: string, count: (trades: number) => void): Promise<void> {
  let sum = 0;
  let trades = 0;
  await channel.assertQueue(company, classicQueue);
  await channel.prefetch(classicBatch);
  await channel.consume(company, (message) => {
    if (!message) return;
    sum += (JSON.parse(message.content.toString()) as { price: number }).price;
    trades += 1;
    if (trades < classicBatch) return;
    if (!(sum / trades > 0)) throw new Error('an average without a price');
    count(trades);
    sum = 0;
    trades = 0;
    channel.ack(message, true);
  });
}

async function main(role: string, url: string): Promise<void> {
  const connection = await connect(url);
  let counted = 0;
  const count = (trades: number) => {
    counted += trades;
  };
  if (role === 'classic-publisher') return await publishClassic(await connection.createChannel());
  for (const company of companies) {
    if (role === 'raw-publisher') void publishRaw(await connection.createConfirmChannel(), company);
    else if (role === 'raw-consumer') await consumeRaw(await connection.createChannel(), company, count);
    else await consumeClassic(await connection.createChannel(), company, count);
  }
  await reportCounted(() => counted);
}

if (import.meta.main) await main(process.argv[2] ?? '', process.argv[3] ?? '');
