/** Counts what stays open, sockets and answers that wait or stream, by address and by account: nobody takes all places of a process. */
import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { houseRefusals } from '#core/house-refusals.ts';
import { subscriberOf } from '#core/networks.ts';
import { refuse } from '#core/refuse.ts';
import { addressOf, type Gate } from './gate.ts';
import type { HttpLimits } from './limits.ts';
import { accountOf } from './sessions.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly openPlaces: OpenPlaces;
  }
}

/** Gives a place back. */
type Leave = () => void;

export class OpenPlaces {
  readonly #limits: Pick<HttpLimits, 'openPerAddress' | 'openPerAccount'>;
  readonly #gate: Gate;
  readonly #taken = new Map<string, number>();

  constructor(limits: Pick<HttpLimits, 'openPerAddress' | 'openPerAccount'>, gate: Gate) {
    this.#limits = limits;
    this.#gate = gate;
  }

  /** Of the address that a request comes from. Throws where it has all that it may have. */
  ofClient(request: IncomingMessage): Leave {
    return this.#take(`address ${subscriberOf(addressOf(request, this.#gate))}`, this.#limits.openPerAddress, 'open-of-address');
  }

  ofAccount(id: string): Leave {
    return this.#take(`account ${id}`, this.#limits.openPerAccount, 'open-of-account');
  }

  #take(key: string, most: number, refusal: 'open-of-address' | 'open-of-account'): Leave {
    const taken = this.#taken.get(key) ?? 0;
    if (most > 0 && taken >= most) throw refuse(houseRefusals, refusal, { most });
    this.#taken.set(key, taken + 1);
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      const left = (this.#taken.get(key) ?? 0) - 1;
      if (left > 0) this.#taken.set(key, left);
      else this.#taken.delete(key);
    };
  }
}

/** For a route whose answer waits or streams: it takes its places until the connection has its answer, or is gone. */
export async function takePlaces(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { openPlaces } = request.server;
  untilClosed(reply, openPlaces.ofClient(request.raw));
  const account = await accountOf(request);
  if (account !== undefined) untilClosed(reply, openPlaces.ofAccount(account.id));
}

function untilClosed({ raw }: FastifyReply, leave: Leave): void {
  if (raw.destroyed) leave();
  else raw.once('close', leave);
}
