/** `POST /api/stocks/trades`: trades from outside as lines or a JSON array, all or nothing, with an error for every bad one. */
import { createHash } from 'node:crypto';
import { type ErrorDetail, KontorError } from '#core/errors.ts';
import { fieldRefusal, refuse } from '#core/refuse.ts';
import type { Line } from '#http/body-lines.ts';
import { type Route, route } from '#http/route.ts';
import { type IncomingTrade, tradeIn } from '../domain/incoming.ts';
import { type CodeOwners, refusedCompany } from '../domain/instruments.ts';
import { stocksRefusals } from '../refusals.ts';
import { acceptTrades, type IntakePorts, storedOwners } from '../store/intake.ts';
import { putTrades } from './contracts.ts';

export const maxTradesPerRequest = 50_000;
const maxErrors = 100;

export function intakeRoutes(ports: IntakePorts, expected: CodeOwners): readonly Route[] {
  return [
    route(putTrades, async ({ body, headers, reply }) => {
      const owners = await ports.state.read((queries) => storedOwners(queries, expected));
      const reading = new TradesReader(owners, ports.clock.now());
      if (Array.isArray(body)) reading.addValues(body);
      else for await (const line of body) reading.addLine(line);
      const { answer, repeated } = await acceptTrades(ports, { key: headers['idempotency-key'], ...reading.end() }, owners);
      if (repeated) reply.header('idempotency-replayed', 'true');
      return answer;
    }),
  ];
}

/** Checks trades as they arrive. Those at fault are counted, and the first of them listed. */
class TradesReader {
  readonly #owners: CodeOwners;
  readonly #now: number;
  readonly #hash = createHash('sha256');
  readonly #trades: IncomingTrade[] = [];
  readonly #invalid: ErrorDetail[] = [];
  readonly #refused: ErrorDetail[] = [];
  #rows = 0;
  #wrong = 0;

  constructor(owners: CodeOwners, now: number) {
    this.#owners = owners;
    this.#now = now;
  }

  addValues(values: readonly unknown[]): void {
    this.#hash.update(JSON.stringify(values));
    for (const [index, value] of values.entries()) this.#add(tradeIn(value, `trade ${index + 1}`, this.#now), `trade ${index + 1}`);
  }

  addLine(line: Line): void {
    this.#hash.update(`${line.text}\n`);
    const place = `line ${line.number}`;
    if ('problem' in line) this.#add(fieldRefusal(stocksRefusals, 'trade-unreadable', place, { problem: line.problem }), place);
    else this.#add(tradeIn(line.value, place, this.#now), place);
  }

  end(): { readonly trades: readonly IncomingTrade[]; readonly bodyHash: string } {
    if (this.#rows === 0) throw refuse(stocksRefusals, 'no-trades', {}, 'body');
    if (this.#wrong > 0) {
      const values = { wrong: this.#wrong, all: this.#rows, listed: this.#invalid.length };
      const { message, reason } = fieldRefusal(stocksRefusals, 'trades-not-valid', 'body', values);
      throw new KontorError('invalid_input', message, { reason, details: this.#invalid });
    }
    const [refused] = this.#refused;
    if (refused) {
      const { field, message, reason } = refused;
      throw new KontorError('conflict', `${field}: ${message}; nothing of the request was stored`, { reason, details: this.#refused });
    }
    return { trades: this.#trades, bodyHash: this.#hash.digest('hex') };
  }

  #add(trade: IncomingTrade | ErrorDetail, place: string): void {
    this.#rows += 1;
    if (this.#rows > maxTradesPerRequest) throw refuse(stocksRefusals, 'too-many-trades', { most: maxTradesPerRequest }, 'body');
    if ('message' in trade) {
      this.#wrong += 1;
      if (this.#invalid.length < maxErrors) this.#invalid.push(trade);
      return;
    }
    const refused = this.#refused.length < maxErrors ? refusedCompany(trade.company, this.#owners, place) : undefined;
    if (refused) this.#refused.push(refused);
    else this.#trades.push(trade);
  }
}
