/** One simulated world: the whole house, its users and its faults, from one seed. */
import './natives.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Random } from '#core/ports/random.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { mailMigrations } from '#engines/mail/letters-table.ts';
import { openOutboxMail } from '#engines/mail/outbox.ts';
import { openAccounts } from '#modules/coins/post.ts';
import { openTestPayments } from '#modules/shop/engines/payment/test.ts';
import { openStateResults } from '#modules/stocks/engines/results/state.ts';
import { resultsMigrations } from '#modules/stocks/engines/results/tables.ts';
import { silentLog } from '#testkit/log.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { testSecrets } from '#testkit/seal.ts';
import { openBrowser } from './browser.ts';
import { brokenLaws, type End, undone, watchedGroups, wrongBars, wrongBooks, wrongTrades } from './checks.ts';
import { beginDay, passDay } from './day.ts';
import { anyOf, ownDice } from './dice.ts';
import { Books } from './engines/books.ts';
import { Broker } from './engines/broker.ts';
import { Hosts, simulatedReader } from './engines/hosts.ts';
import { SimulatedLake } from './engines/lake.ts';
import { CacheServer } from './engines/shared-cache.ts';
import { SimulatedWarehouse } from './engines/warehouse.ts';
import { dayEnvironmentFor, environmentFor } from './environment.ts';
import { House, slots } from './house.ts';
import { noPlant, type Plant } from './plants/plants.ts';
import { SimulatedProcess } from './process.ts';
import { stockUp } from './stock-up.ts';
import { longestGapMs, openStorms, type Storms } from './storms.ts';
import { Timeline } from './timeline.ts';
import { openTrace } from './trace.ts';
import { peopleOf } from './users/people.ts';
import type { Person } from './users/person.ts';
import { Weather } from './weather.ts';

export interface WorldOptions {
  readonly seed: number;
  /** A whole day with so many times of faults, instead of one. */
  readonly busyTimes?: number;
  /** Of faults; before them people sign up, after them everything must come to rest. */
  readonly stormMinutes?: number;
  /** Ends with the faults: whether everything comes to rest is not waited for. */
  readonly isShort?: boolean;
  readonly plant?: Plant;
  /** Gets every line of the trace. */
  readonly print?: (line: string) => void;
}

export interface WorldReport {
  readonly seed: number;
  /** Empty when all is well. The world ends at the first moment that has any. */
  readonly violations: readonly string[];
  /** The same for two runs of a seed. */
  readonly trace: string;
  readonly simulatedMs: number;
  readonly events: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly starts: number;
  /** What people were told to have. */
  readonly acknowledged: number;
}

/** A promise of two minutes, which nobody can keep while a clock is wrong by one: then it counts only at the end. */
const lawOfTime = 'errands-3';
const openingMs = 20_000;
const defaultStormMinutes = 2;
/** In each busy time of a day. */
const defaultDayStormMinutes = 1.2;
/** After the last fault: for how long people go on, and how long until everything must be done. */
const goOnMs = 20_000;
const restMs = 140_000;
const lookEveryMs = 20_000;
/** What was published so long before the end must be worked off. */
const lagMs = 45_000;

export async function runWorld(options: WorldOptions): Promise<WorldReport> {
  const world = new World(options);
  try {
    return await world.run();
  } finally {
    world.close();
  }
}

class World {
  readonly #options: WorldOptions;
  readonly #plant: Plant;
  readonly #random: Random;
  readonly #timeline = new Timeline();
  readonly #trace;
  readonly #weather: Weather;
  readonly #books: Books;
  readonly #broker: Broker;
  readonly #lake: SimulatedLake;
  readonly #warehouse: SimulatedWarehouse;
  readonly #hosts: Hosts;
  readonly #cache = new CacheServer();
  readonly #house: House;
  /** The clock and the ids of somebody who looks from outside. */
  readonly #outsider: SimulatedProcess;
  readonly #violations: string[] = [];
  readonly #secrets = testSecrets();
  #isOpen = true;
  #isOver = false;
  #areClocksRight = true;

  constructor(options: WorldOptions) {
    const { seed, print, plant = noPlant, busyTimes } = options;
    this.#options = options;
    this.#plant = plant;
    this.#random = seededRandom(seed);
    const timeline = this.#timeline;
    this.#trace = openTrace(() => timeline.nowMs, print);
    this.#weather = new Weather(this.#dice());
    this.#books = new Books({
      timeline,
      trace: this.#trace,
      plant: plant.books ?? {},
      hintMs: anyOf(this.#random, [100, 400, 1_500]) ?? 400,
    });
    this.#broker = new Broker({
      timeline,
      trace: this.#trace,
      random: this.#dice(),
      knowsEnd: this.#random.int(3) > 0,
      noticeMs: 1_000 + this.#random.int(7_000),
    });
    this.#lake = new SimulatedLake(this.#trace);
    this.#warehouse = new SimulatedWarehouse(this.#lake.files);
    this.#hosts = new Hosts(this.#dice());
    this.#outsider = new SimulatedProcess(timeline, 'outside', { id: 'outside', isGone: () => false });
    this.#house = new House({
      timeline,
      trace: this.#trace,
      weather: this.#weather,
      random: this.#dice(),
      environment: busyTimes !== undefined ? dayEnvironmentFor(this.#random) : environmentFor(this.#random),
      portsFor: (process, random) => this.#portsFor(process, random),
      broken: (what) => this.#violate(what),
      onGone: (process) => this.#broker.notice(process),
    });
  }

  #dice(): Random {
    return ownDice(this.#random);
  }

  #violate(what: string): void {
    this.#trace.note(`violation: ${what.split('\n')[0]}`);
    this.#violations.push(what);
  }

  #halt(process: SimulatedProcess, ms: number): void {
    process.standStill(ms);
    this.#broker.suspect(process, ms);
  }

  #portsFor(process: SimulatedProcess, random: Random): Ports {
    const caller = {
      process,
      weather: this.#weather,
      kill: (one: SimulatedProcess) => this.#house.kill(one),
      halt: (one: SimulatedProcess, ms: number) => this.#halt(one, ms),
    };
    const { clock } = process;
    const state = this.#books.for(caller);
    const ports = {
      state,
      stream: this.#broker.for(caller),
      cache: this.#cache.for(process, random),
      lake: this.#lake.for(caller),
      mail: openOutboxMail({ clock, random }),
      secrets: this.#secrets,
      clock,
      random,
      holder: process.holder,
      log: silentLog(),
      metrics: silentMetrics(),
      results: this.#plant.results?.(openStateResults({ state })) ?? openStateResults({ state }),
      warehouse: this.#warehouse.for(process),
      fetch: this.#hosts.fetchFor(process, this.#weather),
      reader: simulatedReader,
      payments: openTestPayments({ secret: 'a secret of the simulated provider' }),
    };
    return ports;
  }

  /** For laws and checks: everything, at once and without faults. */
  #outside() {
    const { clock } = this.#outsider;
    const state = this.#books.outside(() => clock.now());
    return {
      state,
      stream: this.#broker.outside(),
      lake: this.#lake.outside(),
      warehouse: this.#warehouse.outside(),
      results: openStateResults({ state }),
      // No law waits here, and none may be waited for: the timeline stands still.
      clock: { now: clock.now, monotonicMs: clock.monotonicMs, sleep: () => new Promise<void>(() => {}) },
      random: seededRandom(1),
    };
  }

  async run(): Promise<WorldReport> {
    const { stormMinutes, isShort = false, busyTimes } = this.#options;
    const isDay = busyTimes !== undefined;
    const timeline = this.#timeline;
    if (isDay) beginDay(timeline, this.#dice());
    const begunAt = timeline.epochMs;
    const offers = await this.#prepare();
    for (const slot of slots) this.#house.start(slot);
    const people = peopleOf({
      timeline,
      random: this.#dice(),
      hosts: this.#hosts,
      offers,
      areOrdersLong: isDay,
      isOpen: () => this.#isOpen,
      isOver: () => this.#isOver,
      admin: () => this.#house.admin,
      keyFor: this.#plant.keyFor ?? ((wish) => `${wish.replaceAll(' ', '-')}-key`),
      browserFor: (ip, logInAgain) =>
        openBrowser({ timeline, random: this.#dice(), house: this.#house, ip, logInAgain, broken: (what) => this.#violate(what) }),
      failed: (error) => this.#violate(`a person failed: ${error instanceof Error ? error.stack : String(error)}`),
    });
    const storms = openStorms({
      timeline,
      trace: this.#trace,
      random: this.#dice(),
      weather: this.#weather,
      house: this.#house,
      broker: this.#broker,
      cache: this.#cache,
      halt: (process, ms) => this.#halt(process, ms),
      onClockSet: () => {
        this.#areClocksRight = false;
      },
    });
    if (busyTimes !== undefined) await this.#passDay(people, storms, busyTimes);
    else await this.#bustle(people, storms, stormMinutes ?? defaultStormMinutes);
    if (!isShort) await this.#end();
    return {
      seed: this.#options.seed,
      violations: this.#violations,
      trace: this.#trace.digest(),
      simulatedMs: timeline.epochMs - begunAt,
      events: timeline.passed,
      faults: storms.counts,
      starts: this.#house.starts,
      acknowledged: people.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0),
    };
  }

  #passDay(people: readonly Person[], storms: Storms, busyTimes: number): Promise<void> {
    const { stormMinutes = defaultDayStormMinutes } = this.#options;
    return passDay({
      timeline: this.#timeline,
      trace: this.#trace,
      random: this.#dice(),
      house: this.#house,
      busyTimes,
      isWell: () => this.#isWell(),
      halt: (process, ms) => this.#halt(process, ms),
      pass: (ms) => this.#pass(ms),
      bustle: () => this.#bustle(people, storms, stormMinutes),
      stopInOrder: () => this.#stopInOrder(),
    });
  }

  /** People act, faults come for some minutes, and then everything comes to rest. */
  async #bustle(people: readonly Person[], storms: Storms, stormMinutes: number): Promise<void> {
    this.#isOpen = true;
    await this.#pass(openingMs);
    const stormsEndMs = this.#timeline.nowMs + stormMinutes * 60_000;
    void storms.rage(stormsEndMs);
    await this.#pass(stormsEndMs - this.#timeline.nowMs);
    if (this.#options.isShort !== true) await this.#comeToRest(people);
  }

  async #comeToRest(people: readonly Person[]): Promise<void> {
    // The last gap between two faults may reach beyond the end of the storms.
    await this.#pass(goOnMs + longestGapMs);
    this.#isOpen = false;
    this.#isOver = this.#options.busyTimes === undefined;
    await this.#pass(restMs - lagMs);
    const endsBefore = this.#ends();
    await this.#pass(lagMs);
    this.#areClocksRight = true;
    if (this.#isWell()) await this.#judge(people, endsBefore);
  }

  close(): void {
    for (const process of this.#house.processes()) process.die();
    this.#books.close();
    this.#warehouse.close();
  }

  #isWell(): boolean {
    return this.#violations.length === 0;
  }

  async #prepare() {
    const { composition } = this.#house;
    const { state, clock } = this.#outside();
    await state.migrate([...mailMigrations, ...resultsMigrations, ...composition.migrations]);
    await state.write((queries) => openAccounts(queries, composition.accounts));
    for (const topic of composition.topics) this.#broker.declare(topic);
    return stockUp({ state, now: clock.now(), random: this.#dice(), flightsInDays: this.#options.busyTimes === undefined ? 2 : 0 });
  }

  /** Lets time pass, and looks at the laws now and then. */
  async #pass(ms: number): Promise<void> {
    const untilMs = this.#timeline.nowMs + ms;
    while (this.#timeline.nowMs < untilMs && this.#isWell()) {
      await this.#timeline.runUntil(Math.min(untilMs, this.#timeline.nowMs + lookEveryMs), () => this.#isWell());
      if (this.#isWell()) await this.#look('recent');
    }
  }

  async #look(scope: 'recent' | 'all'): Promise<void> {
    const laws = this.#house.composition.laws.filter(({ id }) => this.#areClocksRight || id !== lawOfTime);
    const books = this.#outside();
    for (const what of await brokenLaws(laws, books as never, scope)) this.#violate(what);
    for (const what of await books.state.read(wrongBars)) this.#violate(what);
  }

  /** Of all partitions that a group works off. */
  #ends(): ReadonlyMap<string, number> {
    return new Map(
      watchedGroups.flatMap(({ topic, name }) =>
        this.#broker.status(topic, name).map(({ partition, end }) => [`${topic}/${partition}`, end] as const),
      ),
    );
  }

  async #judge(people: readonly Person[], endsBefore: End['endsBefore']): Promise<void> {
    const { state, clock } = this.#outside();
    const found = await state.read(async (queries) => {
      const end: End = {
        queries,
        broker: this.#broker,
        people,
        unready: this.#house.unready(),
        running: this.#house.open(),
        endsBefore,
        nowMs: this.#timeline.nowMs,
        now: clock.now(),
      };
      return [...(await undone(end)), ...(await wrongBooks(queries, people)), ...wrongTrades(this.#broker, people)];
    });
    for (const what of found) this.#violate(what);
  }

  async #stopInOrder(): Promise<void> {
    let isClosed = false;
    void this.#house.close().then(() => {
      isClosed = true;
    });
    await this.#timeline.runUntil(this.#timeline.nowMs + lookEveryMs);
    if (!isClosed) this.#violate('the house did not stop in order');
  }

  async #end(): Promise<void> {
    this.#isOver = true;
    if (!this.#isWell()) return;
    await this.#stopInOrder();
    await this.#look('all');
  }
}
