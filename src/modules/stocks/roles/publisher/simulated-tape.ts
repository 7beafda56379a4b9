/** One simulated company's end of the tape: makes the next frames and knows where it stands. */

import type { Frame } from '#core/ports/stream.ts';
import type { SimulatedCompany } from '../../domain/companies.ts';
import type { Times } from '../../domain/history.ts';
import { tradesTopic } from '../../domain/settings.ts';
import { recordBytes, tradeColumns } from '../../domain/trades.ts';
import { historyTradesPerMinute, Walk } from '../../domain/walk.ts';
import type { StocksPorts } from '../../ports/ports.ts';

export type TapePorts = Pick<StocksPorts, 'stream' | 'results'>;

export class Tape {
  readonly code: string;
  readonly #walk: Walk;
  readonly #historyTrades: number;
  readonly #ports: TapePorts;
  #next = 1;
  /** Trades that the results had counted when `find` last looked. */
  #counted = 0;
  #durable = 0;
  #streamKnowsEnd = true;

  constructor(seed: string, company: SimulatedCompany, historyTrades: number, ports: TapePorts) {
    this.code = company.code;
    this.#historyTrades = historyTrades;
    this.#walk = new Walk(seed, company, historyTrades);
    this.#ports = ports;
  }

  /** Whole minutes of its history that are not on it yet: all of them on a new tape, some where it was stopped in between. */
  get historyMinutesLeft(): number {
    return Math.floor(Math.max(0, this.#historyTrades - this.#next + 1) / historyTradesPerMinute);
  }

  /** Trades that were counted once but are missing at the tape's end: it lost its last moments, and gets them back. */
  get missing(): number {
    return Math.max(0, this.#counted - this.#next + 1);
  }

  /** The last trade that is durable, where the stream itself cannot tell; undefined where it can. */
  get durableToNote(): number | undefined {
    return this.#streamKnowsEnd ? undefined : this.#durable;
  }

  /** Looks where the tape ends. Where the broker cannot tell, it continues after the results: consumers drop repeated trades. */
  async find(): Promise<void> {
    this.#counted = (await this.#ports.results.load(this.code))?.position ?? 0;
    const end = await this.#ports.stream.end(tradesTopic, this.code);
    this.#streamKnowsEnd = end !== undefined;
    this.#durable = end ?? this.#counted;
    this.#next = this.#durable + 1;
  }

  /** Publishes the next `count` trades. Resolves false when another publisher has written to the tape: call `find` again. */
  async publish(count: number, times: Times): Promise<boolean> {
    const frame = this.#frame(count, times);
    this.#next += count;
    const outcome = await this.#ports.stream.publish(tradesTopic, this.code, frame);
    if (outcome === 'published') this.#durable = Math.max(this.#durable, frame.first + count - 1);
    return outcome === 'published';
  }

  #frame(count: number, times: Times): Frame {
    const body = new Uint8Array(count * recordBytes);
    const { doubles, words } = tradeColumns(body);
    this.#walk.fill(words, 0, this.#next, count);
    for (let index = 0; index < count; index += 1) doubles[2 * index] = times(index);
    return { first: this.#next, count, body };
  }
}

export function timesBetween(fromMs: number, toMs: number, count: number): Times {
  const stepMs = (toMs - fromMs) / count;
  return (index) => Math.floor(fromMs + stepMs * (index + 1));
}
