/** Reads wallets between operations, for the check that every balance on the way was possible. */
import type { Random } from '#core/ports/random.ts';
import type { WalletRead } from '../check/wallets.ts';
import type { Journal, Part } from '../journal.ts';
import type { Customer, WalletView } from './customers.ts';
import type { HouseClient } from './house-client.ts';

/** Of a hundred times that it may be read. */
const readPercent = 30;

export class WalletReader {
  readonly #reads = new Map<string, WalletRead[]>();
  readonly #client: HouseClient;
  readonly #journal: Journal;
  readonly #random: Random;

  constructor(client: HouseClient, journal: Journal, random: Random) {
    this.#client = client;
    this.#journal = journal;
    this.#random = random;
  }

  /** Called when nothing of this wallet is under way, apart from what a client gave up. */
  async maybeRead(part: Part, { id, as }: Customer): Promise<void> {
    if (this.#random.int(100) >= readPercent) return;
    const after = this.#journal.movesOf(id);
    const answer = await this.#client.ask<WalletView>(part, { method: 'GET', path: '/api/coins/wallet', as });
    if (answer.kind !== 'answered') return;
    const reads = this.#reads.get(id) ?? [];
    reads.push({ after, coins: answer.body.coins });
    this.#reads.set(id, reads);
  }

  readsOf(wallet: string): readonly WalletRead[] {
    return this.#reads.get(wallet) ?? [];
  }
}
