/** The WebSocket on `/` that existing viewers of such systems expect: all prices, at once and then several times a second. */
import type { WebSocket } from 'ws';
import type { Clock } from '#core/ports/clock.ts';
import type { MarketView } from '../view/view.ts';
import { Client, closeCodes, untilClosed } from './client.ts';

/** Viewers are promised prices at least every 500 ms. */
const periodMs = 400;

export class CompatiblePrices {
  readonly #view: MarketView;
  readonly #clock: Clock;
  readonly #clients = new Set<Client>();
  readonly #stopping = new AbortController();
  #wake = Promise.withResolvers<void>();
  #sending: Promise<void> | undefined;
  #draining = false;

  constructor({ view, clock }: { view: MarketView; clock: Clock }) {
    this.#view = view;
    this.#clock = clock;
  }

  start(): void {
    this.#sending ??= this.#sendUntil(this.#stopping.signal);
  }

  open(socket: WebSocket): void {
    const client = new Client(socket, this.#clock);
    if (this.#draining) {
      client.close(closeCodes.goingAway, 'stopping');
      return;
    }
    socket.on('message', () => client.mayAsk());
    this.#clients.add(client);
    void client.closed.then(() => this.#clients.delete(client));
    this.#view.look();
    if (this.#view.epoch !== undefined) client.send(this.#frame());
    this.#wake.resolve();
  }

  async drain(signal: AbortSignal): Promise<void> {
    this.#draining = true;
    const clients = [...this.#clients];
    for (const client of clients) client.close(closeCodes.goingAway, 'stopping');
    await untilClosed(clients, signal);
  }

  async stop(): Promise<void> {
    this.#draining = true;
    this.#stopping.abort();
    this.#wake.resolve();
    await this.#sending;
    for (const client of this.#clients) client.terminate();
  }

  async #sendUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#clients.size === 0) {
        this.#wake = Promise.withResolvers<void>();
        await this.#wake.promise;
      } else {
        this.#view.look();
        this.#sendAll();
      }
      await this.#clock.sleep(periodMs, signal);
    }
  }

  #sendAll(): void {
    if (this.#view.epoch === undefined) return;
    const frame = this.#frame();
    for (const client of this.#clients) if (client.keepsUp()) client.send(frame);
  }

  /**
   * A price here is the average of the newest closed batch, in units of currency and with two decimals, as such viewers show
   * it; companies without one are not listed.
   */
  #frame(): Buffer {
    const prices = this.#view
      .summaries()
      .flatMap(({ company, batchAverageCents }) =>
        batchAverageCents === null ? [] : [{ company, avgPrice: Number((batchAverageCents / 100).toFixed(2)) }],
      );
    return Buffer.from(JSON.stringify({ type: 'prices', prices }));
  }
}
