/** `POST /api/stocks/trades`: one's own trades as NDJSON or a JSON array, all or nothing, with an error for every bad line. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type ErrorDetail, invariant, KontorError } from '#core/errors.ts';
import type { Web } from '#http/types.ts';
import {
  acceptTrades,
  type IncomingTrade,
  type IntakePorts,
  refusal,
  type SimulatedCompanies,
  shownValue,
  wrongInIncoming,
} from '../store/intake.ts';
import { CompanyCode, NewTrade } from './schemas.ts';

const maxBodyBytes = 8 * 1_024 * 1_024;
export const maxTradesPerRequest = 50_000;
const maxErrors = 100;
const ndjson = 'application/x-ndjson';

const IntakeHeaders = Type.Object({
  'idempotency-key': Type.String({
    pattern: '^[!-~]{8,200}$',
    description:
      'Names the request, 8 to 200 visible ASCII characters, new for every new request. Sent again with the same body, it adds nothing and gets its first answer; remembered for 7 days',
  }),
});

const NewTrades = Type.Array(NewTrade, {
  minItems: 1,
  maxItems: maxTradesPerRequest,
  description: 'As application/json an array of trades; as application/x-ndjson one trade a line. All of them are stored, or none',
});

const TradesAccepted = Type.Object(
  {
    accepted: Type.Integer({ description: 'Trades stored; they are on the tape within moments' }),
    companies: Type.Array(Type.Object({ company: CompanyCode, count: Type.Integer() })),
  },
  { $id: 'TradesAccepted' },
);

export function intakeWeb(ports: IntakePorts, companies: SimulatedCompanies): Web {
  return {
    routes(server) {
      // In a scope of its own, as the body is read as bytes here: the hash is of what was sent, and errors name its lines.
      server.register(async (scope) => addRoute(scope, ports, companies));
    },
  };
}

function addRoute(server: FastifyInstance, ports: IntakePorts, companies: SimulatedCompanies): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(['application/json', ndjson], { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const validatorOfServer = server.validatorCompiler;
  invariant(validatorOfServer, 'the server must have its validator before routes are added');
  server.post<{ Body: Buffer; Headers: { 'idempotency-key': string } }>(
    '/api/stocks/trades',
    {
      bodyLimit: maxBodyBytes,
      // The body's schema is for the document; its checks are below, where they can name the line.
      validatorCompiler: (part) => (part.httpPart === 'body' ? () => true : validatorOfServer(part)),
      schema: {
        tags: ['stocks'],
        summary: 'Put your own trades on the tape',
        description: 'For companies that are not simulated. Prices are whole cents; `at` is the present if left out.',
        consumes: ['application/json', ndjson],
        headers: IntakeHeaders,
        body: NewTrades,
        response: { 202: TradesAccepted },
      },
    },
    async (request, reply) => {
      const trades = tradesIn(request, companies, ports.clock.now());
      const bodyHash = createHash('sha256').update(request.body).digest('hex');
      const { answer, repeated } = await acceptTrades(ports, { key: request.headers['idempotency-key'], bodyHash, trades }, companies);
      if (repeated) reply.header('idempotency-replayed', 'true');
      return reply.code(202).send(answer);
    },
  );
}

/** A value of the body, or why there is none, and where it stands. */
type Row = { readonly place: string; readonly value: unknown } | { readonly place: string; readonly problem: string };

function tradesIn(request: FastifyRequest<{ Body: Buffer }>, companies: SimulatedCompanies, now: number): readonly IncomingTrade[] {
  const text = textOf(request.body);
  const rows = request.headers['content-type']?.startsWith(ndjson) ? rowsOfLines(text) : rowsOfArray(text);
  if (rows.length === 0) throw invalidBody('The body holds no trades: send at least one');
  if (rows.length > maxTradesPerRequest) {
    throw new KontorError(
      'too_large',
      `The body holds more than ${maxTradesPerRequest} trades: send them in several requests, each with a key of its own`,
    );
  }
  const complaints = new Complaints();
  const trades: IncomingTrade[] = [];
  for (const row of rows) {
    const { place } = row;
    const trade = 'problem' in row ? row.problem : tradeOf(row.value, now);
    if (typeof trade === 'string') complaints.add(place, trade);
    else {
      trades.push(trade);
      const refused = refusal(trade.company, companies);
      if (refused !== undefined) complaints.addConflict(place, refused);
    }
  }
  complaints.throwIfAny(rows.length);
  return trades;
}

function textOf(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw invalidBody('The body is not UTF-8: convert it');
  }
}

function invalidBody(message: string): KontorError {
  return new KontorError('invalid_input', message, { details: [{ field: 'body', message }] });
}

function rowsOfLines(text: string): readonly Row[] {
  const rows: Row[] = [];
  let lineNumber = 0;
  for (let start = 0; start < text.length && rows.length <= maxTradesPerRequest; ) {
    const lineEnd = text.indexOf('\n', start);
    const line = text.slice(start, lineEnd === -1 ? text.length : lineEnd).trim();
    start = lineEnd === -1 ? text.length : lineEnd + 1;
    lineNumber += 1;
    if (line === '') continue;
    const place = `line ${lineNumber}`;
    try {
      rows.push({ place, value: JSON.parse(line) });
    } catch (error) {
      rows.push({ place, problem: `is not JSON: ${messageOf(error)}` });
    }
  }
  return rows;
}

function rowsOfArray(text: string): readonly Row[] {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch (error) {
    throw invalidBody(`The body is not JSON (${messageOf(error)}); for one trade a line, send it as ${ndjson}`);
  }
  if (!Array.isArray(values)) throw invalidBody(`The body must be an array of trades; for one trade a line, send it as ${ndjson}`);
  return values.map((value, index) => ({ place: `trade ${index + 1}`, value }));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const fields: ReadonlySet<string> = new Set(Object.keys(NewTrade.properties));

/** The trade, or what is wrong with it. By hand: a schema check of 50,000 rows would name neither the line nor the mend. */
function tradeOf(value: unknown, now: number): IncomingTrade | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `must be an object such as {"company":"ACME","side":"buy","priceCents":12345,"quantity":10}, not ${shownValue(value)}`;
  }
  const unknownField = Object.keys(value).find((name) => !fields.has(name));
  if (unknownField !== undefined)
    return `has a field ${shownValue(unknownField)}, which a trade does not have: its fields are ${[...fields].join(', ')}`;
  const { company, side, priceCents, quantity, at = now } = value as Readonly<Record<string, unknown>>;
  if (typeof company !== 'string') return `company must be a code such as "ACME", not ${shownValue(company)}`;
  if (side !== 'buy' && side !== 'sell') return `side must be "buy" or "sell", not ${shownValue(side)}`;
  if (typeof priceCents !== 'number') return `priceCents must be a whole number of cents, not ${shownValue(priceCents)}`;
  if (typeof quantity !== 'number') return `quantity must be a whole number, not ${shownValue(quantity)}`;
  if (typeof at !== 'number') return `at must be a number of milliseconds since 1970, not ${shownValue(at)}`;
  const trade: IncomingTrade = { company, side, priceCents, quantity, at };
  return wrongInIncoming(trade, now) ?? trade;
}

/** The rows that are at fault: all are counted, the first are told. */
class Complaints {
  readonly #details: ErrorDetail[] = [];
  readonly #conflicts: ErrorDetail[] = [];
  #count = 0;

  add(place: string, message: string): void {
    this.#count += 1;
    if (this.#details.length < maxErrors) this.#details.push({ field: place, message });
  }

  /** The row is well formed, but what it asks for is not to be had. */
  addConflict(place: string, message: string): void {
    if (this.#conflicts.length < maxErrors) this.#conflicts.push({ field: place, message });
  }

  throwIfAny(rows: number): void {
    const nothingStored = 'nothing of the request was stored';
    if (this.#count > 0) {
      const shown = this.#count > this.#details.length ? `; the first ${this.#details.length} are listed` : '';
      throw new KontorError(
        'invalid_input',
        `${this.#count} of ${rows} trades ${this.#count === 1 ? 'is' : 'are'} not valid${shown}; ${nothingStored}`,
        { details: this.#details },
      );
    }
    const [conflict] = this.#conflicts;
    if (conflict)
      throw new KontorError('conflict', `${conflict.field}: ${conflict.message}; ${nothingStored}`, { details: this.#conflicts });
  }
}
