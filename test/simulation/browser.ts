/** A client of a simulated world: it keeps its cookies, asks any process that serves, and may never hear the answer. */
import { KontorError } from '#core/errors.ts';
import type { Random } from '#core/ports/random.ts';
import { type Call, type ContractsOf, openClient } from '#http/client.ts';
import type { House } from './house.ts';
import type { Timeline } from './timeline.ts';

type Contracts =
  | ContractsOf<typeof import('#modules/coins/api/contracts.ts')>
  | ContractsOf<typeof import('#modules/errands/api/desk/contracts.ts')>
  | ContractsOf<typeof import('#modules/errands/api/orders/contracts.ts')>
  | ContractsOf<typeof import('#modules/flights/api/booking/contracts.ts')>
  | ContractsOf<typeof import('#modules/flights/api/search/contracts.ts')>
  | ContractsOf<typeof import('#modules/overview/api/contracts.ts')>
  | ContractsOf<typeof import('#modules/people/api/contracts.ts')>
  | ContractsOf<typeof import('#modules/shop/api/admin/orders-contracts.ts')>
  | ContractsOf<typeof import('#modules/shop/api/cart/contracts.ts')>
  | ContractsOf<typeof import('#modules/shop/api/orders/contracts.ts')>
  | ContractsOf<typeof import('#modules/stocks/api/contracts.ts')>;

export type Client = Call<Contracts>;

/** Nobody knows whether the request was carried out. */
export class NoAnswer extends Error {}

/** The house said no. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, says: string) {
    super(says);
    this.status = status;
  }
}

type Send = Parameters<typeof openClient>[0];

const loginAddress = '/api/people/login';
const patienceMs = 10_000;
const wayMs = 3;

export interface BrowserOptions {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly house: House;
  /** Where it is. */
  readonly ip: string;
  /** Where the session is over. Resolves to whether there is another one. */
  logInAgain(): Promise<boolean>;
  /** Told of what no handler may throw. */
  broken(what: string): void;
}

export function openBrowser({ timeline, random, house, ip, logInAgain, broken }: BrowserOptions): Client {
  const cookies = new Map<string, string>();

  function keep(cookie: string): void {
    const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=');
    if (value === '') cookies.delete(name);
    else cookies.set(name, value);
  }

  const send: Send = (address, { method, headers, body }) => {
    const ended = new AbortController();
    const answered = Promise.withResolvers<unknown>();
    const giveUp = timeline.after(patienceMs, () => {
      ended.abort('the client went away');
      answered.reject(new NoAnswer(`${method} ${address}: no answer`));
    });
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = { ...headers, host: '127.0.0.1:3000', ...(cookie !== '' && { cookie }) };
    timeline.after(random.float() * wayMs, () => {
      const front = house.anyFront();
      if (front === undefined) return answered.reject(new NoAnswer(`${method} ${address}: nobody serves`));
      front.process.wake(async () => {
        const answer = await front.site.answer({
          method,
          address,
          headers: sent,
          body: body as string | undefined,
          ip,
          signal: ended.signal,
        });
        const { error } = answer;
        if (error !== undefined && isBroken(error)) broken(`${method} ${address}: ${error instanceof Error ? error.stack : String(error)}`);
        if (!front.process.alive) return;
        timeline.after(random.float() * wayMs, () => {
          giveUp();
          if (ended.signal.aborted) return;
          if (house.losesAnswers(random)) return answered.reject(new NoAnswer(`${method} ${address}: the answer was lost`));
          for (const each of answer.cookies) keep(each);
          if (answer.status >= 500 || answer.status === 429)
            answered.reject(new NoAnswer(`${method} ${address}: ${answer.status} ${messageOf(error)}`));
          else if (answer.status >= 400) answered.reject(new Refused(answer.status, `${method} ${address}: ${messageOf(error)}`));
          else answered.resolve(answer.body);
        });
      });
    });
    return answered.promise.finally(giveUp);
  };

  return openClient((address, request) =>
    send(address, request).catch(async (error: unknown) => {
      const isOver = error instanceof Refused && error.status === 401 && address !== loginAddress;
      if (isOver && (await logInAgain())) return send(address, request);
      throw error;
    }),
  );
}

function isBroken(error: unknown): boolean {
  return !(error instanceof KontorError) || error.code === 'internal' || error.code === 'storage_damaged';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
