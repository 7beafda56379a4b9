/** The people of a simulated world: shoppers, travellers, customers of errands, miners, and those who send coins. */
import type { Random } from '#core/ports/random.ts';
import { dayOf } from '#modules/coins/api/context.ts';
import type { Client } from '../browser.ts';
import { anyOf, ownDice } from '../dice.ts';
import type { Hosts } from '../engines/hosts.ts';
import type { Timeline } from '../timeline.ts';
import { bookFlight, buyGoods, lookAtFlights, type Offers, orderErrand, sendCoins, takeCoins } from './acts.ts';
import { mine } from './miner.ts';
import { type OperatorsBooks, operate } from './operator.ts';
import { isOpenAgain, logIn, type Person, pause, signUp } from './person.ts';

export interface PeopleOptions {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly hosts: Hosts;
  readonly offers: Pick<Offers, 'variants' | 'flights'>;
  /** Whether some errands are ordered for hours. */
  readonly areOrdersLong: boolean;
  isOpen(): boolean;
  isOver(): boolean;
  keyFor(wish: string, attempt: number): string;
  browserFor(ip: string, logInAgain: () => Promise<boolean>): Client;
  admin: OperatorsBooks['admin'];
  /** Told of what no person may do. */
  failed(error: unknown): void;
}

type Act = (person: Person, offers: Offers, hosts: Hosts) => Promise<void>;

interface Kind {
  readonly name: string;
  readonly count: number;
  readonly acts: readonly Act[];
  readonly thinksMs: number;
}

const kinds: readonly Kind[] = [
  { name: 'shopper', count: 3, acts: [buyGoods, buyGoods, sendCoins], thinksMs: 6_000 },
  { name: 'traveller', count: 3, acts: [lookAtFlights, bookFlight, bookFlight], thinksMs: 5_000 },
  { name: 'customer', count: 3, acts: [orderErrand], thinksMs: 30_000 },
  { name: 'miner', count: 3, acts: [(person, _offers, hosts) => mine(person, hosts)], thinksMs: 500 },
];

const pages = ['https://one.example/tea', 'https://two.example/tea', 'https://two.example/coffee'];

export function peopleOf(options: PeopleOptions): readonly Person[] {
  const people: Person[] = [];
  const offers: Offers = {
    variants: options.offers.variants,
    flights: options.offers.flights,
    areOrdersLong: options.areOrdersLong,
    pages,
    accounts: () => people.map(({ id }) => id).filter((id) => id !== ''),
  };
  const { timeline, random, isOpen, isOver, keyFor, browserFor, failed } = options;
  const add = (name: string): Person => {
    const person: Person = {
      name,
      client: browserFor(`198.51.${100 + people.length}.7`, async () => person.id !== '' && (await logIn(person)) !== undefined),
      random: ownDice(random),
      timeline,
      id: '',
      acknowledged: [],
      doubted: new Set(),
      unanswered: new Map(),
      login: undefined,
      isOpen,
      isOver,
      keyFor,
    };
    people.push(person);
    return person;
  };
  for (const kind of kinds) {
    for (let number = 1; number <= kind.count; number += 1) live(add(`${kind.name}-${number}`), kind, offers, options.hosts).catch(failed);
  }
  const accounts = offers.accounts;
  operate(add('operator'), { admin: options.admin, accounts }).catch(failed);
  return people;
}

async function live(person: Person, { acts, thinksMs }: Kind, offers: Offers, hosts: Hosts): Promise<void> {
  await pause(person, 1_000, 6_000);
  await signUp(person);
  await takeCoins(person);
  let tookAt = dayOf(person.timeline.epochMs);
  while (await isOpenAgain(person)) {
    await pause(person, thinksMs / 4, 2 * thinksMs);
    const today = dayOf(person.timeline.epochMs);
    if (person.isOpen() && today > tookAt) await takeCoins(person);
    tookAt = today;
    const act = anyOf(person.random, acts);
    if (person.isOpen()) await act?.(person, offers, hosts);
  }
}
