/** The types of the API of Kontor. Written by tools/write-client.ts from the routes: change those, then run `npm run client`. */

export type StatementEntry = {
  /** Its number in the wallet: 1, 2, 3 … without gaps */
  entry: number;
  /** When it was made, milliseconds since 1970 */
  at: number;
  kind: 'transfer' | 'grant' | 'faucet' | 'purchase' | 'capture' | 'refund';
  /** Coins that came in, or went out when below zero */
  amount: number;
  /** Coins in the wallet after it */
  balance: number;
  /** The other side, such as `wallet:ACCOUNT` or `revenue:shop` */
  counterparty: string;
  memo: string;
};

export type ErrandFeedItem = {
  /** Such as `KE-7G2M-Q0ZD-41XB` */
  order: string;
  /** Without holes among the results of the order */
  number: number;
  /** Without holes among all results of the account */
  feed: number;
  /** Raised when the schedule is edited; 0 for runs asked for by hand */
  generation: number;
  /** Counts the runs of a generation */
  slot: number;
  outcome: 'delivered' | 'failed' | 'withdrawn';
  /** Of a notice: the number of the result of the order that it takes back */
  withdraws: number | null;
  /** Why it failed or was withdrawn */
  reason: string | null;
  /** When the run was due, milliseconds since 1970 */
  dueAt: number;
  /** When a miner took it, milliseconds since 1970 */
  claimedAt: number | null;
  /** When the result was stored, milliseconds since 1970 */
  deliveredAt: number;
  attempts: number;
  /** Of HTTP */
  status: number | null;
  /** Where the page came from, after redirects */
  address: string | null;
  /** Of the page */
  contentType: string | null;
  /** Of the page */
  bytes: number;
  /** Of the page */
  sha256: string | null;
  /** What was extracted */
  value: string | null;
  /** The value, where it is a number, in millionths */
  micros: number | null;
  /** Whether the value, or the text of the page, differs from the result before */
  changed: boolean;
  /** With `pages`: the page, gzip in base64; null where there is none, or where it is large and has a route of its own */
  page?: string | null;
};

export type ErrandsOrder = {
  /** Such as `KE-7G2M-Q0ZD-41XB` */
  id: string;
  /** The host if left out */
  title: string;
  /** Of the page, http or https */
  address: string;
  method: 'GET' | 'HEAD';
  /** Only headers that carry no secret: miners see them */
  headers: Record<string, string>;
  schedule: {
    /** Null for now; a changed order keeps its start */
    start: string | null;
    /** A time zone, such as `Europe/Berlin` */
    zone: string;
    /** Once, every so many seconds from the start on, or by a cron expression in the time zone */
    repeat: {
      kind: 'once';
    } | {
      kind: 'interval';
      /** 10 or more */
      seconds: number;
    } | {
      kind: 'cron';
      /** Such as `0 9 * * mon-fri` */
      expression: string;
    };
    /** How often; null until the order is cancelled. They count from the beginning of the order, also when it is changed */
    repetitions: number | null;
    /** Each run is due up to so much later */
    jitterSeconds: number;
    /** Null for at all hours */
    activeHours: {
      /** 1 for Monday to 7 for Sunday */
      days: number[];
      /** Such as `09:00` */
      from: string;
      /** Such as `17:30`; an end before the beginning is on the next day */
      to: string;
    } | null;
    /** What becomes of times that were missed */
    catchUp: 'skip' | 'one' | 'all';
    /** A time that is later than this counts as missed */
    lateSeconds: number;
    /** Whether a time is passed over while a run is open */
    overlap: 'allow' | 'skip';
  };
  /** Null for the whole page */
  extraction: {
    kind: 'css' | 'xpath' | 'jsonpath' | 'regex';
    expression: string;
    /** For CSS: the value of this attribute instead of the text */
    attribute?: string;
    /** All that is found, a line each, instead of the first */
    all?: boolean;
    /** What separates decimals, where the text does not tell */
    decimal?: '.' | ',';
  } | null;
  /** Deliver only what differs from the result before */
  onlyChanges: boolean;
  /** Where results are sent to, signed */
  webhook: string | null;
  /** Send results by mail */
  mail: boolean;
  /** Miners that fetch each run; each costs a coin */
  copies: number;
  /** Numbers that are extracted are put on the tape under this name, such as `ERRANDS.TEA` */
  instrument: string | null;
  host: string;
  state: 'active' | 'paused' | 'out-of-coins' | 'locked' | 'done' | 'cancelled';
  /** When it came into this state, milliseconds since 1970 */
  stateAt: number;
  /** The next ten times */
  nextTimes: number[];
  /** Raised by each change of the schedule */
  generation: number;
  /** Repetitions that are over, made or passed over */
  used: number;
  coins: {
    /** Paid in, in coins */
    funded: number;
    /** For runs to come, in coins */
    prepaid: number;
    /** Came back without a run, in coins */
    returned: number;
    /** Of accepted answers: miners and the house are paid when they are settled, in coins */
    earned: number;
    /** Came back for runs that failed, in coins */
    refunded: number;
    /** For runs that are open or not judged, in coins */
    outstanding: number;
  };
  runs: {
    made: number;
    open: number;
    results: number;
    /** Results that were taken back */
    withdrawn: number;
  };
  lastValue: string | null;
  /** When the last result came, milliseconds since 1970 */
  lastAt: number | null;
  /** When it was ordered, milliseconds since 1970 */
  createdAt: number;
  /** When it was changed last, milliseconds since 1970 */
  changedAt: number;
};

export type ErrandResult = {
  /** Such as `KE-7G2M-Q0ZD-41XB` */
  order: string;
  /** Without holes among the results of the order */
  number: number;
  /** Without holes among all results of the account */
  feed: number;
  /** Raised when the schedule is edited; 0 for runs asked for by hand */
  generation: number;
  /** Counts the runs of a generation */
  slot: number;
  outcome: 'delivered' | 'failed' | 'withdrawn';
  /** Of a notice: the number of the result of the order that it takes back */
  withdraws: number | null;
  /** Why it failed or was withdrawn */
  reason: string | null;
  /** When the run was due, milliseconds since 1970 */
  dueAt: number;
  /** When a miner took it, milliseconds since 1970 */
  claimedAt: number | null;
  /** When the result was stored, milliseconds since 1970 */
  deliveredAt: number;
  attempts: number;
  /** Of HTTP */
  status: number | null;
  /** Where the page came from, after redirects */
  address: string | null;
  /** Of the page */
  contentType: string | null;
  /** Of the page */
  bytes: number;
  /** Of the page */
  sha256: string | null;
  /** What was extracted */
  value: string | null;
  /** The value, where it is a number, in millionths */
  micros: number | null;
  /** Whether the value, or the text of the page, differs from the result before */
  changed: boolean;
};

export type ErrandsOpenRun = {
  /** 0 for those asked for by hand */
  generation: number;
  slot: number;
  copy: number;
  /** Not due yet, waiting for a miner, or with one */
  state: 'ahead' | 'waiting' | 'claimed';
  /** When it is due, milliseconds since 1970 */
  dueAt: number;
  /** When it can be claimed, or until when it is with its miner, milliseconds since 1970 */
  visibleAt: number;
  /** When it fails and is refunded, milliseconds since 1970 */
  failsAt: number;
  attempts: number;
  /** When it was claimed, milliseconds since 1970 */
  claimedAt: number | null;
  /** Who claimed it: an alias, the same within the order, or `house` */
  miner: string | null;
  /** Why the last attempt failed */
  failure: string | null;
};

export type PricerRun = {
  id: string;
  model: string;
  /** What it looked at ends here, milliseconds since 1970 */
  asOf: number;
  /** When, milliseconds since 1970 */
  startedAt: number;
  tookMs: number;
  /** The hash of the files that it read */
  manifest: string;
  /** Accesses that it read */
  events: number;
  /** Prices that it looked at */
  prices: number;
  changed: number;
};

export type FlightService = {
  /** Such as `KO1234` */
  number: string;
  /** Three letters, such as LIS */
  from: string;
  /** Three letters, such as LIS */
  to: string;
  /** Local minute of the day */
  departsMinute: number;
  durationMinutes: number;
  /** 1 for Monday */
  weekdays: number[];
  aircraft: string;
  /** Where prices start, in coins */
  economyBase: number;
  /** Null where the aircraft has no business cabin */
  businessBase: number | null;
  /** A date at the airport, such as `2026-12-01` */
  firstDay: string;
  /** Null: until further notice */
  lastDay: string | null;
  /** In the timetable from now on */
  flights: number;
};

export type Airport = {
  /** Three letters, such as LIS */
  code: string;
  name: string;
  city: string;
  cityInGerman: string;
  /** Two letters, such as PT */
  country: string;
  latitude: number;
  longitude: number;
  /** Such as `Europe/Lisbon` */
  timeZone: string;
};

export type FlightBookingSummary = {
  /** Such as `KF-7G2M-Q0ZD-41XB` */
  id: string;
  state: 'booked' | 'flown' | 'cancelled';
  legs: FlightLeg[];
  passengers: number;
  /** Paid, in coins */
  total: number;
  /** What came back, in coins */
  refunded: number;
  /** When it was booked, milliseconds since 1970 */
  createdAt: number;
};

export type FlightLeg = {
  /** The flight number and the local date of its departure, such as `KO1234-20261201` */
  flightId: string;
  /** Such as `KO1234` */
  number: string;
  /** The name of the airline */
  carrier: string;
  aircraft: string;
  /** Three letters, such as LIS */
  from: string;
  /** Three letters, such as LIS */
  to: string;
  /** Departure, milliseconds since 1970 */
  departsAt: number;
  /** Arrival, milliseconds since 1970 */
  arrivesAt: number;
  /** Date and time at the airport, such as `2026-12-01T06:40` */
  departsLocal: string;
  /** Date and time at the airport, such as `2026-12-01T06:40` */
  arrivesLocal: string;
  durationMinutes: number;
};

export type FlightFare = {
  cabin: 'economy' | 'business';
  /** Now, for one passenger, in coins */
  price: number;
  /** When it last changed, milliseconds since 1970 */
  pricedAt: number;
  /** Never lower, in coins */
  floor: number;
  /** Never higher, in coins */
  ceiling: number;
  seats: number;
  seatsLeft: number;
};

export type PriceInputs = {
  /** The version of the model */
  model: string;
  runId: string;
  /** What the run looked at ends here, milliseconds since 1970 */
  asOf: number;
  /** Where every price starts, in coins */
  base: number;
  /** Never lower, in coins */
  floor: number;
  /** Never higher, in coins */
  ceiling: number;
  /** Distinct visitors of 72 hours, decayed by half every 12, in 1/65,536 of a visitor; an eighth for one who saw it only in a list */
  views: number;
  /** The median of comparable flights, in the same unit */
  usualViews: number;
  /** D, from −1,000,000 to 1,000,000 */
  demand: number;
  seats: number;
  sold: number;
  /** By the usual curve at this many days before departure */
  expectedSold: number;
  /** Whole days before departure */
  daysOut: number;
  /** S, from −1,000,000 to 1,000,000 */
  sales: number;
  /** base · exp(0.18·D + 0.45·S), within floor and ceiling, in coins */
  target: number;
  /** The price before the run, in coins */
  before: number;
  /** The lowest price of the 24 hours before: a day changes it by at most 15 %, in coins */
  dayLow: number;
  /** The highest price of the 24 hours before, in coins */
  dayHigh: number;
  /** The price after the run, in coins */
  price: number;
  /** Why the price is not the target */
  limitedBy: 'nothing' | 'floor' | 'ceiling' | 'run' | 'day';
};

export type Itinerary = {
  /** The ids of its flights, joined by a plus sign */
  id: string;
  legs: FlightLeg[];
  stops: number;
  /** From the first departure to the last arrival */
  durationMinutes: number;
  /** The local date of arrival less the local date of departure, in days: −1 across the date line */
  daysLater: number;
  /** For one passenger, all its flights, in coins */
  price: number;
  /** For all passengers, in coins */
  totalPrice: number;
  /** In the fuller of its flights */
  seatsLeft: number;
};

export type Books = {
  /** holds: every law held at the last audit. broken: one does not. unchecked: one could not be checked. late: the last audit is older than audits may be. none: there was no audit yet */
  verdict: 'holds' | 'broken' | 'unchecked' | 'late' | 'none';
  /** Laws that held */
  holding: number;
  broken: number;
  unchecked: number;
  /** When the last audit began, milliseconds since 1970; null before the first */
  checkedAt: number | null;
  /** The pause between two audits */
  auditEveryMs: number;
  /** The proof of the whole house in a sentence, in English */
  proof: string;
  laws: LawSeen[];
};

export type LawSeen = {
  /** Such as coins-1 */
  id: string;
  says: string;
  /** What was checked, with counts */
  checked: string;
  /** Null when it could not be checked */
  holds: boolean | null;
  /** How many were found */
  violations: number;
  /** When its check began, milliseconds since 1970 */
  checkedAt: number;
  tookMs: number;
};

export type Edge = {
  /** What flows: trades, batches (stocks), views, landed, bookings (flights), orders (shop), errands, runs, fetches (errands), sales (house) */
  name: string;
  /** The module that counts it */
  module: string;
  /** Over the last seconds, in all processes that are alive */
  perSecond: number;
  /** Since these processes started */
  total: number;
};

export type Pull = {
  id: string;
  kind: 'stop-role' | 'cut-role' | 'fill-disk' | 'set-clock' | 'kill-process' | 'stop-process' | 'cut-process' | 'fill-process-disk' | 'set-process-clock' | 'kill-engine';
  /** The role, process or engine that was pulled */
  target: string;
  /** failed: it could not be pulled, or did not come back in time */
  state: 'running' | 'done' | 'failed';
  /** When somebody asked for it, milliseconds since 1970 */
  askedAt: number;
  /** When it was done, milliseconds since 1970 */
  pulledAt: number | null;
  /** The house noticed that it is gone, milliseconds after it was pulled; null while that has not happened */
  noticedMs: number | null;
  /** Its leases were held by another process, or by its own next run, milliseconds after it was pulled; null while that has not happened */
  takenOverMs: number | null;
  /** Leases that it held; where it held none, nothing had to be taken over, and takenOverMs stays null */
  leases: number;
  /** It was ready again, milliseconds after it was pulled; null while that has not happened */
  recoveredMs: number | null;
  /** An audit of all laws, begun after the recovery, had ended, milliseconds after it was pulled; null while that has not happened */
  auditedMs: number | null;
  /** Of that audit; null before it */
  verdict: PullVerdict | null;
  /** Why it failed */
  why: string | null;
};

export type PullVerdict = {
  /** Whether every law held; null when one could not be checked */
  holds: boolean | null;
  /** "0 lost, 0 doubled" when every law held; otherwise how many violations there are */
  says: string;
  violations: number;
  /** How many laws were checked */
  laws: number;
};

export type HouseEvent = {
  id: string;
  /** When it was noticed, milliseconds since 1970 */
  at: number;
  kind: 'started' | 'stopped' | 'died' | 'came-back' | 'took-over' | 'not-ready' | 'ready' | 'engine-away' | 'engine-back' | 'scaled' | 'pulled';
  /** The process, role, lease, engine or group that it is about */
  subject: string;
  values: Record<string, string | number>;
  /** The event in a sentence, in English */
  says: string;
};

export type ProcessSeen = {
  /** Of this run of the process */
  id: string;
  /** Its name in a cluster, such as liveview-1; otherwise its host and number */
  name: string;
  pid: number;
  host: string;
  version: string;
  /** When it started, milliseconds since 1970 */
  startedAt: number;
  /** Its last sign of life, milliseconds since 1970 */
  seenAt: number;
  /** Whether its last sign of life is late */
  silent: boolean;
  /** Resident */
  memoryBytes: number;
  /** Cores that it used over the last seconds */
  cores: number;
  roles: {
    role: string;
    ready: boolean;
    says: string;
    /** Whether another process does its work */
    standsBy: boolean;
  }[];
};

export type RoleSeen = {
  role: string;
  says: string;
  /** Whether several work side by side; otherwise one works and the others stand by */
  many: boolean;
  /** Ids of processes that do its work */
  active: string[];
  /** Ids of processes that wait to take over */
  standingBy: string[];
  /** Ids of processes in which it is not ready */
  notReady: string[];
};

export type EngineSeen = {
  /** What the house uses it for */
  port: 'state' | 'stream' | 'cache' | 'lake' | 'mail';
  /** Such as sqlite, postgres, kafka */
  engine: string;
  /** Its address, without secrets */
  where: string;
  /** Whether every process reaches it; null where it cannot be asked */
  reachable: boolean | null;
};

export type PullChoice = {
  kind: 'stop-role' | 'cut-role' | 'fill-disk' | 'set-clock' | 'kill-process' | 'stop-process' | 'cut-process' | 'fill-process-disk' | 'set-process-clock' | 'kill-engine';
  /** Sent back with POST /api/overview/pulls */
  target: string;
  /** The roles that it takes down; empty for an engine */
  roles: string[];
  /** What will happen, in English */
  says: string;
};

export type AccountForAdmin = {
  id: string;
  email: string;
  name: string;
  role: 'member' | 'admin';
  locked: boolean;
  /** By its owner, for good */
  closed: boolean;
  /** Opened, milliseconds since 1970 */
  createdAt: number;
};

export type Account = {
  id: string;
  email: string;
  name: string;
  role: 'member' | 'admin';
};

export type AdminOrderSummary = {
  /** Such as `KO-7G2M-Q0ZD-41XB` */
  id: string;
  accountId: string;
  state: 'awaiting_payment' | 'paid' | 'packed' | 'shipped' | 'delivered' | 'cancelled' | 'returned';
  /** Paid or to be paid, in coins */
  total: number;
  /** What went back, in coins */
  refunded: number;
  /** When it was ordered, milliseconds since 1970 */
  createdAt: number;
  /** Null for the house itself, and for accounts that are gone */
  accountName: string | null;
};

export type Product = {
  /** Such as `darjeeling-first-flush` */
  id: string;
  name: string;
  /** Such as `tea` */
  category: string;
  description: string;
  keywords: string;
  active: boolean;
  /** The address of the picture that was put; null: picture.svg of the product draws one */
  picture: string | null;
  variants: {
    /** The article number, such as `TEA-001-100G` */
    id: string;
    name: string;
    /** A piece, in coins */
    price: number;
    /** False when it is no longer sold */
    active: boolean;
    /** Pieces that can be ordered now */
    available: number;
  }[];
};

export type Promo = {
  /** Case and spaces do not matter */
  code: string;
  uses: number;
  kind: 'percent' | 'amount';
  /** Percent (at most 100), or coins */
  value: number;
  /** The least an order must come to */
  minSubtotal: number;
  startsAt: number | null;
  endsAt: number | null;
  maxUses: number | null;
  maxUsesPerAccount: number | null;
  active: boolean;
};

export type ShopCategory = {
  /** Such as `tea` */
  id: string;
  name: string;
  /** The company on the stocks tape that stands for its sales */
  instrument: string;
  /** Tax in hundredths of a percent */
  taxBasisPoints: number;
};

export type OrderSummary = {
  /** Such as `KO-7G2M-Q0ZD-41XB` */
  id: string;
  accountId: string;
  state: 'awaiting_payment' | 'paid' | 'packed' | 'shipped' | 'delivered' | 'cancelled' | 'returned';
  /** Paid or to be paid, in coins */
  total: number;
  /** What went back, in coins */
  refunded: number;
  /** When it was ordered, milliseconds since 1970 */
  createdAt: number;
};

export type ProductCard = {
  /** Such as `darjeeling-first-flush` */
  id: string;
  name: string;
  /** Such as `tea` */
  category: string;
  /** Of its variants, in coins */
  lowestPrice: number;
  /** Of its variants, in coins */
  highestPrice: number;
  inStock: boolean;
  /** The address of the picture that was put; null: picture.svg of the product draws one */
  picture: string | null;
};

export type OutsideCompany = {
  /** Upper-case code of a company, such as MSFT */
  company: string;
  /** When its first trade came, milliseconds since 1970 */
  firstAt: number;
  /** Null while it trades */
  retiredAt: number | null;
};

export type CompanySummary = {
  /** Upper-case code of a company, such as MSFT */
  company: string;
  name: string;
  sector: string;
  /** True when the publisher makes its trades, false when they came in from outside */
  simulated: boolean;
  /** Sequence number of the newest trade counted */
  position: number;
  /** Price of the newest trade, in cents */
  lastPriceCents: number;
  /** Time of the newest trade, milliseconds since 1970 */
  lastAt: number;
  /** First price of the last 24 hours, in cents, or null */
  referenceCents: number | null;
  /** Change since the reference price, in hundredths of a percent */
  changeBasisPoints: number | null;
  dayHighCents: number | null;
  dayLowCents: number | null;
  /** Trades in the last 24 hours */
  dayTrades: number;
  /** Shares traded in the last 24 hours */
  dayVolume: number;
  /** Shares of those in buy trades */
  dayBuyVolume: number;
  /** Number of the newest closed batch */
  batches: number;
  batchAverageCents: number | null;
  /** Trades in the batch that is still filling */
  openTrades: number;
};

export type Bar = {
  /** Start, a multiple of the interval, milliseconds since 1970 */
  startAt: number;
  /** Trades */
  count: number;
  /** Mean price of the trades, in cents (may be fractional) */
  averageCents: number;
  /** Mean price weighted by quantity, in cents (may be fractional) */
  vwapCents: number;
  /** First price, in cents */
  openCents: number;
  /** Highest price, in cents */
  highCents: number;
  /** Lowest price, in cents */
  lowCents: number;
  /** Last price, in cents */
  closeCents: number;
  /** Shares traded */
  volume: number;
  /** Buy trades */
  buys: number;
  /** Sell trades */
  sells: number;
  /** Shares in buy trades */
  buyVolume: number;
};

export type Batch = {
  /** Upper-case code of a company, such as MSFT */
  company: string;
  /** 1, 2, 3 … without holes */
  number: number;
  firstSeq: number;
  lastSeq: number;
  /** Time of the earliest trade, milliseconds since 1970 */
  firstAt: number;
  /** Time of the latest trade, milliseconds since 1970 */
  lastAt: number;
  /** Trades */
  count: number;
  /** Mean price of the trades, in cents (may be fractional) */
  averageCents: number;
  /** Mean price weighted by quantity, in cents (may be fractional) */
  vwapCents: number;
  /** First price, in cents */
  openCents: number;
  /** Highest price, in cents */
  highCents: number;
  /** Lowest price, in cents */
  lowCents: number;
  /** Last price, in cents */
  closeCents: number;
  /** Shares traded */
  volume: number;
  /** Buy trades */
  buys: number;
  /** Sell trades */
  sells: number;
  /** Shares in buy trades */
  buyVolume: number;
};

/** What went wrong, as application/problem+json (RFC 9457) */
export type Problem = {
  /** The documentation of this kind of problem */
  type: string;
  /** The kind of problem: one title for each code */
  title: string;
  /** The HTTP status */
  status: number;
  /** A stable name for programs */
  code: 'invalid_input' | 'invalid_option' | 'unauthenticated' | 'forbidden' | 'not_found' | 'method_not_allowed' | 'conflict' | 'too_large' | 'unsupported_media' | 'too_many_requests' | 'timed_out' | 'overloaded' | 'unavailable' | 'storage_full' | 'storage_read_only' | 'storage_busy' | 'storage_damaged' | 'address_in_use' | 'role_failed' | 'internal';
  /** What went wrong in this request, and what to do */
  detail: string;
  /** The id of this request in the logs */
  requestId: string;
  /** The refusal, by a stable name and its values: a client can word it in any language */
  reason?: {
    name: string;
    values: Record<string, string | number>;
  };
  /** The invalid fields, if any */
  errors: {
    field: string;
    message: string;
    /** The refusal, by a stable name and its values: a client can word it in any language */
    reason?: {
      name: string;
      values: Record<string, string | number>;
    };
  }[];
};

/** RFC 7517 */
export type KeySet = {
  keys: {
    kty: string;
    crv: string;
    x: string;
    kid: string;
    alg: string;
    use: string;
  }[];
};

export type Wallet = {
  /** The id of the account, for those who send coins to it */
  account: string;
  /** Coins in the wallet */
  coins: number;
  /** Coins of these that are set aside for payees */
  held: number;
  /** Coins that can be spent */
  available: number;
  /** Whether POST /api/coins/faucet gives coins here */
  faucet: boolean;
  /** What the faucet gives in a day; 0 where there is none */
  faucetCoins: number;
  /** When the faucet gives again, milliseconds since 1970; null if it gives now, or never */
  faucetAt: number | null;
};

export type Statement = {
  /** Newest first */
  entries: StatementEntry[];
  /** Send it as "after" for the next page; null on the last page */
  next: string | null;
};

export type CoinsMoved = {
  /** Whether the same request was made before: nothing moved this time */
  repeated: boolean;
  /** Coins */
  amount: number;
  /** Coins that can now be spent from your wallet; after a grant, from the receiver’s */
  available: number;
};

export type Holds = {
  /** Newest first */
  holds: {
    payee: string;
    /** Coins */
    amount: number;
    memo: string;
    /** When it was placed, milliseconds since 1970 */
    placedAt: number;
    /** When the coins are free again unless the payee has taken them, milliseconds since 1970 */
    expiresAt: number;
  }[];
  /** Send it as "after" for the next page; null on the last page */
  next: string | null;
};

export type HouseBalances = {
  accounts: {
    id: string;
    /** Below zero for the mint, by the coins in circulation */
    coins: number;
  }[];
  /** Send it as "after" for the next page; null on the last page */
  next: string | null;
};

export type ErrandsClaim = {
  /** The time of the house, in milliseconds since 1970 */
  now: number;
  runs: {
    /** As it was given by a claim */
    lease: string;
    order: string;
    address: string;
    method: 'GET' | 'HEAD';
    headers: Record<string, string>;
    attempt: number;
    /** When it was due, in milliseconds since 1970 */
    dueAt: number;
    /** When the lease ends, and others get the run, in milliseconds since 1970 */
    endsAt: number;
  }[];
};

export type ErrandsCompletion = {
  /** In the order of the answers. The same answer again gets the same outcome. */
  outcomes: {
    outcome: 'accepted' | 'noted' | 'refused';
    reason: 'late' | 'foreign' | 'same-miner' | 'shut-out' | null;
  }[];
};

export type ErrandsExtension = {
  /** Those that had not ended */
  extended: {
    /** As it was given by a claim */
    lease: string;
    /** When it ends now, in milliseconds since 1970 */
    endsAt: number;
  }[];
};

export type ErrandsRelease = {
  /** How many had not ended */
  released: number;
};

export type ErrandsMarket = {
  /** When it was counted, milliseconds since 1970 */
  asOf: number;
  /** Runs that are due and with nobody */
  waiting: number;
  oldestMs: number | null;
  /** Orders that have a next run */
  orders: number;
  /** Accounts whose machines asked for runs in the last minute */
  miners: number;
  machines: number;
  /** Pages that they fetch at the same time */
  concurrency: number;
  /** Results in the last minute */
  delivered: number;
  p50: number | null;
  p99: number | null;
};

export type ErrandsMiner = {
  state: 'new' | 'trusted' | 'shut-out';
  stateReason: string | null;
  /** Checked answers without a refused one between them */
  validInRow: number;
  answered: number;
  audited: number;
  refused: number;
  /** Coins that were paid */
  earned: number;
  /** Coins that will be paid when their answers are settled */
  pending: number;
  machines: {
    name: string;
    version: string;
    concurrency: number;
    pages: number;
    failures: number;
    /** When it was seen last, milliseconds since 1970 */
    lastAt: number;
  }[];
  /** Answers of the last 7 days that were refused, the newest first */
  refusals: {
    /** When it was answered, milliseconds since 1970 */
    at: number;
    reason: string | null;
  }[];
};

export type ErrandResultShown = {
  /** Such as `KE-7G2M-Q0ZD-41XB` */
  order: string;
  /** Without holes among the results of the order */
  number: number;
  /** Without holes among all results of the account */
  feed: number;
  /** Raised when the schedule is edited; 0 for runs asked for by hand */
  generation: number;
  /** Counts the runs of a generation */
  slot: number;
  outcome: 'delivered' | 'failed' | 'withdrawn';
  /** Of a notice: the number of the result of the order that it takes back */
  withdraws: number | null;
  /** Why it failed or was withdrawn */
  reason: string | null;
  /** When the run was due, milliseconds since 1970 */
  dueAt: number;
  /** When a miner took it, milliseconds since 1970 */
  claimedAt: number | null;
  /** When the result was stored, milliseconds since 1970 */
  deliveredAt: number;
  attempts: number;
  /** Of HTTP */
  status: number | null;
  /** Where the page came from, after redirects */
  address: string | null;
  /** Of the page */
  contentType: string | null;
  /** Of the page */
  bytes: number;
  /** Of the page */
  sha256: string | null;
  /** What was extracted */
  value: string | null;
  /** The value, where it is a number, in millionths */
  micros: number | null;
  /** Whether the value, or the text of the page, differs from the result before */
  changed: boolean;
  /** Milliseconds by phase */
  timings: Record<string, number>;
  /** An alias, the same within the order; null for the house */
  miner: string | null;
  /** The number of the result that the page is kept with: an earlier one where nothing changed; null where there is none */
  pageOf: number | null;
  /** The text of the page as people see it; null for what is no text */
  text: string | null;
  /** Whether the text goes on */
  textCut: boolean;
};

export type ErrandWebhook = {
  /** Where results are sent; null for nowhere */
  address: string | null;
  /** `given-up`: it took nothing for three days, and gets nothing any more */
  state: 'off' | 'works' | 'fails' | 'given-up';
  /** Results that wait; counted up to 1,000 */
  waiting: number;
  /** When the next one is sent, milliseconds since 1970 */
  nextAt: number | null;
  /** When the receiver last took a result, milliseconds since 1970 */
  takenAt: number | null;
  /** Which it was */
  takenNumber: number | null;
  /** Why the last attempt failed */
  failure: string | null;
  /** Failed attempts in a row */
  failures: number;
  /** When it failed, milliseconds since 1970 */
  failedAt: number | null;
  /** When the house gave up, milliseconds since 1970 */
  gaveUpAt: number | null;
};

export type FlightsLake = {
  /** Where it is, without secrets */
  url: string;
  answers: boolean;
  partitions: {
    partition: string;
    /** The last access in the lake, by its number */
    landed: number;
    /** The last access on the stream; null when it cannot say */
    published: number | null;
  }[];
  /** The newest 48, the newest first */
  hours: {
    /** In UTC, such as `2026-12-01T05` */
    hour: string;
    files: number;
    rows: number;
    bytes: number;
  }[];
  /** Accesses dropped under overload since this process started */
  dropped: number;
};

export type FlightsOverview = {
  sales: {
    spans: {
      /** The newest so many */
      hours: number;
      count: number;
      coins: number;
    }[];
    /** Milliseconds since 1970, where there is more than is counted: the sums begin here */
    countedSince: number | null;
  };
  refunds: FlightsOverview['sales'];
};

export type Repriced = {
  /** What it looked at ends here, milliseconds since 1970 */
  asOf: number;
  dryRun: boolean;
  /** Prices that it looked at */
  prices: number;
  changed: number;
  /** The biggest changes, at most 20 */
  biggest: {
    flightId: string;
    cabin: string;
    /** Before, in coins */
    before: number;
    /** After, in coins */
    price: number;
  }[];
};

export type FlightBooking = {
  /** Such as `KF-7G2M-Q0ZD-41XB` */
  id: string;
  state: 'booked' | 'flown' | 'cancelled';
  cabin: 'economy' | 'business';
  /** Paid, in coins */
  total: number;
  /** What came back, in coins */
  refunded: number;
  /** When it was booked, milliseconds since 1970 */
  createdAt: number;
  cancelledAt: number | null;
  passengers: {
    givenName: string;
    familyName: string;
  }[];
  /** By flight, then by passenger */
  tickets: {
    /** Of the e-ticket */
    number: string;
    leg: FlightLeg;
    /** Which of the passengers, from 0 */
    passenger: number;
    /** Row and letter, such as `12C` */
    seat: string;
    /** Paid, in coins */
    price: number;
  }[];
  /** Those of its flights */
  airports: Airport[];
  rules: {
    /** What comes back now of what was paid */
    refundPercent: number;
    /** When less comes back; null when nothing does */
    until: number | null;
    /** Hours before the first departure and what comes back until then, the earliest first */
    steps: {
      hoursBefore: number;
      refundPercent: number;
    }[];
  };
};

export type FlightDemand = {
  /** When this was computed, milliseconds since 1970 */
  asOf: number;
  /** Those of the routes */
  airports: Airport[];
  /** The most watched 200, first the most watched */
  routes: {
    /** Three letters, such as LIS */
    from: string;
    /** Three letters, such as LIS */
    to: string;
    /** How much it is watched, in millionths of the most watched route */
    share: number;
    /** Flights in the timetable */
    flights: number;
    lowestPrice: number | null;
  }[];
  /** The biggest price changes of the last 24 hours, at most 20 */
  moves: {
    /** The flight number and the local date of its departure, such as `KO1234-20261201` */
    flightId: string;
    /** Such as `KO1234` */
    number: string;
    /** Three letters, such as LIS */
    from: string;
    /** Three letters, such as LIS */
    to: string;
    /** A date at the airport, such as `2026-12-01` */
    date: string;
    cabin: 'economy' | 'business';
    /** Before the run, in coins */
    before: number;
    /** After it, in coins */
    price: number;
    /** When, milliseconds since 1970 */
    at: number;
  }[];
  lastRun: {
    /** When, milliseconds since 1970 */
    at: number;
    /** Prices that it changed */
    changed: number;
  } | null;
  /** Accesses of the last hour that reached the lake */
  accessesLastHour: number;
};

export type Flight = {
  leg: FlightLeg;
  from: Airport;
  to: Airport;
  state: 'scheduled' | 'departed' | 'cancelled';
  fares: FlightFare[];
  /** Days on which this number flies, 1 for Monday */
  weekdays: number[];
  /** Such as `KO1234` */
  number: string;
  distanceKm: number;
};

export type FlightPrices = {
  cabin: 'economy' | 'business';
  /** Before the first of these; the same while nothing changed it, in coins */
  firstPrice: number;
  /** The oldest first */
  prices: {
    /** From then on, milliseconds since 1970 */
    at: number;
    /** For one passenger, in coins */
    price: number;
  }[];
  /** What gave the current price; null while no run has changed it */
  why: PriceInputs | null;
};

export type SeatMap = {
  /** The flight number and the local date of its departure, such as `KO1234-20261201` */
  flightId: string;
  aircraft: string;
  layouts: {
    cabin: 'economy' | 'business';
    columns: (string | null)[];
  }[];
  /** From the front to the back, from left to right */
  seats: {
    /** Row and letter, such as `12C` */
    seat: string;
    cabin: 'economy' | 'business';
    free: boolean;
    place: 'window' | 'middle' | 'aisle';
    /** More room for the legs */
    exitRow: boolean;
  }[];
};

export type FlightQuote = {
  id: string;
  cabin: 'economy' | 'business';
  passengers: number;
  legs: {
    leg: FlightLeg;
    /** For one passenger, in coins */
    price: number;
  }[];
  /** For all passengers and flights, in coins */
  total: number;
  /** When it was given, milliseconds since 1970 */
  createdAt: number;
  /** Until when it holds, milliseconds since 1970 */
  expiresAt: number;
  state: 'open' | 'expired' | 'booked';
  rules: FlightBooking['rules'];
};

export type FlightSearchResult = {
  itineraries: Itinerary[];
  /** Send it as "after" for the next page; null on the last page */
  next: string | null;
  /** Itineraries on all pages */
  total: number;
  /** Of the total */
  nonstop: number;
  lowestPrice: number | null;
  highestPrice: number | null;
  /** When these prices were read, milliseconds since 1970 */
  pricesAt: number;
};

export type Overview = {
  /** When this was looked at, milliseconds since 1970 */
  at: number;
  version: string;
  /** one-process: kontor up. cluster: kontor cluster up. processes: kontor run, started by an operator */
  form: 'one-process' | 'cluster' | 'processes';
  books: Books;
  edges: Edge[];
  /** Processes that are alive */
  processes: number;
  /** Running roles that are ready */
  rolesReady: number;
  /** Running roles, each process counted */
  roles: number;
  /** The pull that is under way, or the last one of the last ten minutes */
  pull: Pull | null;
  /** The newest ten, newest first, without reasons */
  events: HouseEvent[];
};

export type House = {
  /** When this was looked at, milliseconds since 1970 */
  at: number;
  processes: ProcessSeen[];
  roles: RoleSeen[];
  engines: EngineSeen[];
  leases: {
    name: string;
    /** The id of the process that holds it; null when that process is not alive */
    process: string | null;
  }[];
  queues: {
    /** outbox, or a topic of the stream with its reader */
    name: string;
    /** Records that wait */
    waiting: number;
    /** Null where it is not known */
    waitingBytes: number | null;
    /** Those with the most waiting first, at most 50 */
    partitions: {
      partition: string;
      end: number;
      acknowledged: number;
      waiting: number;
    }[];
  }[];
  /** What kontor cluster looks after; empty without a cluster */
  parts: {
    name: string;
    kind: 'process' | 'engine' | 'proxy';
    /** Null while it does not run, or where there is more than one */
    pid: number | null;
    state: 'up' | 'restarting' | 'keeps dying' | 'leaving';
    restarts: number;
    ready: boolean;
    says: string;
  }[];
  /** Processes whose number follows the load */
  groups: {
    name: string;
    min: number;
    max: number;
    wanted: number;
    running: number;
  }[];
  /** Of the last hour, newest first, at most 200 */
  events: HouseEvent[];
};

export type PullWithLaws = {
  pull: Pull;
  /** As the audit after the recovery found them; empty before it */
  laws: LawSeen[];
};

export type PullChoices = {
  /** Whether the sender of this request may pull */
  mayPull: boolean;
  /** Why not: nobody is logged in; the account is no admin, or an admin without a second factor; a demonstration lets only this machine do it, without a proxy between */
  why: 'log-in' | 'not-admin' | 'not-at-this-machine' | null;
  /** Empty for those who may not */
  choices: PullChoice[];
};

export type Accounts = {
  accounts: AccountForAdmin[];
  /** Send it as "after" for the next page; null on the last page */
  next: string | null;
  /** Whether a search found more than it lists: a longer text finds fewer */
  cut: boolean;
};

export type NamedEvents = {
  /** Newest first */
  events: {
    id: string;
    /** When, milliseconds since 1970 */
    at: number;
    /** Null where no account is concerned */
    accountId: string | null;
    kind: 'account-opened' | 'logged-in' | 'login-refused' | 'logged-out' | 'session-revoked' | 'letter-asked' | 'password-changed' | 'email-change-asked' | 'email-changed' | 'password-reset' | 'second-factor-on' | 'second-factor-off' | 'recovery-codes-made' | 'recovery-code-used' | 'access-token-made' | 'access-token-revoked' | 'account-closed' | 'role-changed' | 'account-locked' | 'account-unlocked' | 'signing-key-made';
    /** The network address it came from */
    address: string;
    detail: string;
    /** Null where no account is concerned, or it is gone */
    accountName: string | null;
  }[];
  /** Send it as "after" for the next page; null on the last page */
  next: string | null;
};

export type Letters = {
  /** Newest first */
  letters: {
    id: string;
    /** Posted, milliseconds since 1970 */
    postedAt: number;
    to: string;
    subject: string;
    text: string;
  }[];
};

export type LoggedIn = {
  /** `second-factor`: the password is right; send the same again with `code` */
  state: 'logged-in' | 'second-factor';
  /** Null until logged in */
  account: Account | null;
  /** `asked`: admins should have a second factor; `needed`: until then they may do no more than a member */
  secondFactorWanted: 'no' | 'asked' | 'needed';
};

export type Me = {
  /** Null for a stranger */
  account: Account | null;
  /** Whether logging in takes a code */
  secondFactor: boolean;
  /** `asked`: admins should have a second factor; `needed`: until then they may do no more than a member */
  secondFactorWanted: 'no' | 'asked' | 'needed';
  recoveryCodesLeft: number;
  /** Whether the house is a demonstration: GET /api/people/letters shows the letters it would send */
  demo: boolean;
};

export type AccessTokens = {
  accessTokens: {
    id: string;
    name: string;
    scopes: ('read' | 'write' | 'admin' | 'trades')[];
    /** Made, milliseconds since 1970 */
    createdAt: number;
    /** Over, milliseconds since 1970 */
    endsAt: number;
    /** Last used, within a minute; null if never */
    usedAt: number | null;
  }[];
};

export type MadeAccessToken = {
  id: string;
  name: string;
  scopes: ('read' | 'write' | 'admin' | 'trades')[];
  /** Made, milliseconds since 1970 */
  createdAt: number;
  /** Over, milliseconds since 1970 */
  endsAt: number;
  /** Last used, within a minute; null if never */
  usedAt: number | null;
  /** Shown this once: send it as Authorization: Bearer … */
  token: string;
};

export type LetterPosted = {
  /** The same for every address */
  message: string;
};

export type SecurityEvents = {
  /** Newest first */
  events: {
    id: string;
    /** When, milliseconds since 1970 */
    at: number;
    /** Null where no account is concerned */
    accountId: string | null;
    kind: 'account-opened' | 'logged-in' | 'login-refused' | 'logged-out' | 'session-revoked' | 'letter-asked' | 'password-changed' | 'email-change-asked' | 'email-changed' | 'password-reset' | 'second-factor-on' | 'second-factor-off' | 'recovery-codes-made' | 'recovery-code-used' | 'access-token-made' | 'access-token-revoked' | 'account-closed' | 'role-changed' | 'account-locked' | 'account-unlocked' | 'signing-key-made';
    /** The network address it came from */
    address: string;
    detail: string;
  }[];
  /** Send it as "after" for the next page; null on the last page */
  next: string | null;
};

export type RecoveryCodes = {
  /** Shown this once; each logs in once in place of a code */
  recoveryCodes: string[];
};

export type SecondFactorOffer = {
  /** For an authenticator on this device; holds the secret */
  otpauthUrl: string;
  /** The same as a QR code: an SVG as a data URL, for the src of an image */
  qrImage: string;
};

export type Sessions = {
  sessions: {
    id: string;
    /** The one that asks */
    current: boolean;
    address: string;
    /** What the browser says it is */
    agent: string;
    /** Begun, milliseconds since 1970 */
    createdAt: number;
    /** Last used, within a minute, milliseconds since 1970 */
    seenAt: number;
    /** Over at the latest, milliseconds since 1970 */
    endsAt: number;
  }[];
};

export type SignedToken = {
  /** A JWT; its claims are the account (`sub`) and its `role` */
  token: string;
  /** Over, milliseconds since 1970 */
  endsAt: number;
};

export type AdminOrder = {
  /** Such as `KO-7G2M-Q0ZD-41XB` */
  id: string;
  accountId: string;
  state: 'awaiting_payment' | 'paid' | 'packed' | 'shipped' | 'delivered' | 'cancelled' | 'returned';
  taxMode: 'included' | 'added';
  /** Before discount, in coins */
  subtotal: number;
  /** Taken off, in coins */
  discount: number;
  /** Tax in the total, in coins */
  tax: number;
  /** Paid or to be paid, in coins */
  total: number;
  /** What went back, in coins */
  refunded: number;
  promoCode: string | null;
  shipTo: {
    /** Who receives it */
    name: string;
    /** Street and number */
    street: string;
    /** Postcode */
    postcode: string;
    /** City */
    city: string;
    /** Two letters, such as DE */
    country: string;
  };
  /** When it was ordered, milliseconds since 1970 */
  createdAt: number;
  paidAt: number | null;
  lines: {
    line: number;
    /** The article number, such as `TEA-001-100G` */
    variantId: string;
    /** Such as `darjeeling-first-flush` */
    productId: string;
    productName: string;
    variantName: string;
    /** What its sale is called on the tape */
    instrument: string;
    /** A piece, in coins */
    unitPrice: number;
    quantity: number;
    taxBasisPoints: number;
    /** Taken off, in coins */
    discount: number;
    /** Without tax, in coins */
    net: number;
    /** Tax, in coins */
    tax: number;
    /** Paid for the line, in coins */
    gross: number;
    /** Pieces refunded so far */
    refundedQuantity: number;
  }[];
  payment: {
    method: 'coins' | 'provider';
    /** Paid, in coins */
    amount: number;
    /** When, milliseconds since 1970 */
    at: number;
  } | null;
  refunds: {
    id: string;
    /** Given back, in coins */
    amount: number;
    reason: string;
    /** Which of the house’s own notes it is; null for what somebody wrote */
    houseNote: 'by-the-customer' | 'payment-failed' | 'payment-overdue' | 'payment-too-late' | 'paid-through-provider' | 'refunded' | null;
    /** When, milliseconds since 1970 */
    at: number;
  }[];
  /** Oldest first */
  history: {
    state: 'awaiting_payment' | 'paid' | 'packed' | 'shipped' | 'delivered' | 'cancelled' | 'returned';
    note: string;
    /** Which of the house’s own notes it is; null for what somebody wrote */
    houseNote: 'by-the-customer' | 'payment-failed' | 'payment-overdue' | 'payment-too-late' | 'paid-through-provider' | 'refunded' | null;
    /** When, milliseconds since 1970 */
    at: number;
  }[];
  /** Where to pay, while it waits for the provider */
  payAt: string | null;
  /** Null for the house itself, and for accounts that are gone */
  accountName: string | null;
};

export type ShopOverview = {
  sales: FlightsOverview['sales'];
  refunds: FlightsOverview['sales'];
  /** Refunds that the payment provider has not taken note of */
  owed: {
    count: number;
    coins: number;
  };
  /** Orders that somebody has to do something for */
  open: {
    state: 'awaiting_payment' | 'paid' | 'packed' | 'shipped' | 'delivered' | 'cancelled' | 'returned';
    orders: number;
    /** Whether there are more than that */
    more: boolean;
  }[];
  /** What runs low, the least first */
  low: {
    /** The article number, such as `TEA-001-100G` */
    variantId: string;
    variantName: string;
    /** Such as `darjeeling-first-flush` */
    productId: string;
    productName: string;
    /** Pieces that can be ordered now */
    available: number;
    onHand: number;
    /** Of those on hand */
    reserved: number;
  }[];
};

export type AdminProduct = {
  /** Such as `darjeeling-first-flush` */
  id: string;
  name: string;
  /** Such as `tea` */
  category: string;
  description: string;
  keywords: string;
  active: boolean;
  /** The address of the picture that was put; null: picture.svg of the product draws one */
  picture: string | null;
  variants: {
    /** The article number, such as `TEA-001-100G` */
    id: string;
    name: string;
    /** A piece, in coins */
    price: number;
    /** False when it is no longer sold */
    active: boolean;
    /** Pieces that can be ordered now */
    available: number;
    germanName: string;
    stock: {
      onHand: number;
      /** Of those on hand */
      reserved: number;
      received: number;
      sold: number;
      returned: number;
    };
  }[];
  /** Empty where it is the same as in English */
  german: {
    name: string;
    description: string;
  };
  /** Of all its variants, the newest first */
  receipts: {
    id: string;
    /** The article number, such as `TEA-001-100G` */
    variantId: string;
    pieces: number;
    reason: string;
    by: string;
    /** Null for the house itself, and for accounts that are gone */
    byName: string | null;
    at: number;
  }[];
  /** Send it as "after" for the next page; null on the last page */
  next: string | null;
};

export type Stock = {
  /** The article number, such as `TEA-001-100G` */
  variantId: string;
  onHand: number;
  /** Of those on hand */
  reserved: number;
  received: number;
  sold: number;
  returned: number;
  /** The newest first, at most 100 */
  receipts: {
    pieces: number;
    reason: string;
    by: string;
    /** Null for the house itself, and for accounts that are gone */
    byName: string | null;
    at: number;
  }[];
};

export type Cart = {
  lines: {
    /** The article number, such as `TEA-001-100G` */
    variantId: string;
    /** Such as `darjeeling-first-flush` */
    productId: string;
    productName: string;
    /** The address of the picture that was put; null: picture.svg of the product draws one */
    picture: string | null;
    variantName: string;
    /** A piece, in coins */
    unitPrice: number;
    quantity: number;
    /** Pieces that can be ordered now; fewer than `quantity` is a line to change */
    available: number;
    /** To be paid for the line, in coins */
    gross: number;
  }[];
  promo: {
    code: string;
    /** Why it does not count; null when it does */
    refused: string | null;
    /** The same by its stable name, and what it tells */
    reason: {
      name: string;
      values: Record<string, string | number>;
    } | null;
  } | null;
  /** Before discount, at listed prices, in coins */
  subtotal: number;
  /** Taken off, in coins */
  discount: number;
  /** Tax in the total, in coins */
  tax: number;
  /** To be paid: send it as `expectedTotal` with the checkout, in coins */
  total: number;
  /** Whether all of it can be ordered now */
  ready: boolean;
};

export type Order = {
  /** Such as `KO-7G2M-Q0ZD-41XB` */
  id: string;
  accountId: string;
  state: 'awaiting_payment' | 'paid' | 'packed' | 'shipped' | 'delivered' | 'cancelled' | 'returned';
  taxMode: 'included' | 'added';
  /** Before discount, in coins */
  subtotal: number;
  /** Taken off, in coins */
  discount: number;
  /** Tax in the total, in coins */
  tax: number;
  /** Paid or to be paid, in coins */
  total: number;
  /** What went back, in coins */
  refunded: number;
  promoCode: string | null;
  shipTo: AdminOrder['shipTo'];
  /** When it was ordered, milliseconds since 1970 */
  createdAt: number;
  paidAt: number | null;
  lines: AdminOrder['lines'];
  payment: {
    method: 'coins' | 'provider';
    /** Paid, in coins */
    amount: number;
    /** When, milliseconds since 1970 */
    at: number;
  } | null;
  refunds: AdminOrder['refunds'];
  /** Oldest first */
  history: AdminOrder['history'];
  /** Where to pay, while it waits for the provider */
  payAt: string | null;
};

export type ProductPage = {
  products: ProductCard[];
  /** Send it as "after" for the next page; null on the last page */
  next: string | null;
  /** Products on all pages */
  total: number;
  facets: {
    categories: {
      /** Such as `tea` */
      category: string;
      products: number;
    }[];
    /** Of the total */
    inStock: number;
    lowestPrice: number | null;
    highestPrice: number | null;
  };
};

export type Proof = {
  /** Null when the broker cannot tell */
  published: number | null;
  /** Trades in closed batches */
  counted: number;
  /** Trades in batches still filling */
  open: number;
  /** published − counted − open: trades still on their way */
  lag: number | null;
  /** Counted over the last seconds */
  tradesPerSecond: number;
  /** Whether every law of the market held at the last check; null before the first, and when one could not be checked */
  holds: boolean | null;
  /** When the laws were last checked */
  checkedAt: number | null;
  violations: string[];
};

export type TradesAccepted = {
  /** Trades stored; they are on the tape within moments */
  accepted: number;
  companies: {
    /** Upper-case code of a company, such as MSFT */
    company: string;
    count: number;
  }[];
};

/** By method and path: what each operation takes and answers. */
export interface Operations {
  /** Revoke an access token */
  'DELETE /api/people/me/access-tokens/{id}': {
    path: {
      id: string;
    };
    answer: undefined;
  };
  /** Log out everywhere else */
  'DELETE /api/people/me/sessions': {
    answer: undefined;
  };
  /** Log out there */
  'DELETE /api/people/me/sessions/{id}': {
    path: {
      id: string;
    };
    answer: undefined;
  };
  /** Take the picture of a product away: one is drawn instead */
  'DELETE /api/shop/admin/products/{id}/picture': {
    path: {
      /** Such as `darjeeling-first-flush` */
      id: string;
    };
    answer: undefined;
  };
  /** Empty the cart */
  'DELETE /api/shop/cart': {
    answer: Cart;
  };
  /** Use no promo code */
  'DELETE /api/shop/cart/promo': {
    answer: Cart;
  };
  /** Take a company off my watch list */
  'DELETE /api/stocks/watched/{code}': {
    path: {
      /** Upper-case code of a company, such as MSFT */
      code: string;
    };
    answer: {
      /** In the order in which they were put on it */
      companies: string[];
    };
  };
  /** Public keys that verify our signed tokens */
  'GET /.well-known/jwks.json': {
    answer: KeySet;
  };
  /** What is in somebody's wallet (admins) */
  'GET /api/coins/accounts/{account}': {
    path: {
      /** The id of somebody's account, as its owner's wallet shows it */
      account: string;
    };
    answer: Wallet;
  };
  /** What came into somebody's wallet and went out (admins) */
  'GET /api/coins/accounts/{account}/statement': {
    path: {
      /** The id of somebody's account, as its owner's wallet shows it */
      account: string;
    };
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: Statement;
  };
  /** Coins that are set aside */
  'GET /api/coins/holds': {
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: Holds;
  };
  /** What the house itself has (admins) */
  'GET /api/coins/house': {
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: HouseBalances;
  };
  /** What came into your wallet and went out */
  'GET /api/coins/statement': {
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
      /** Only what the request with this Idempotency-Key made: nothing, if it was not done so far */
      key?: string;
    };
    answer: Statement;
  };
  /** The same as CSV */
  'GET /api/coins/statement.csv': {
    query?: {
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: string;
  };
  /** What is in your wallet */
  'GET /api/coins/wallet': {
    answer: Wallet;
  };
  /** This API as a page */
  'GET /api/docs': {
    answer: string;
  };
  /** Orders that this demonstration offers as examples */
  'GET /api/errands/examples': {
    answer: {
      examples: {
        name: 'prices' | 'news' | 'moody';
        order: {
          /** The host if left out */
          title: string;
          /** Of the page, http or https */
          address: string;
          method: 'GET' | 'HEAD';
          /** Only headers that carry no secret: miners see them */
          headers: Record<string, string>;
          schedule: ErrandsOrder['schedule'];
          /** Null for the whole page */
          extraction: ErrandsOrder['extraction'];
          /** Deliver only what differs from the result before */
          onlyChanges: boolean;
          /** Where results are sent to, signed */
          webhook: string | null;
          /** Send results by mail */
          mail: boolean;
          /** Miners that fetch each run; each costs a coin */
          copies: number;
          /** Numbers that are extracted are put on the tape under this name, such as `ERRANDS.TEA` */
          instrument: string | null;
        };
      }[];
    };
  };
  /** Results after a number of the feed, as they arrive */
  'GET /api/errands/feed/results': {
    query?: {
      /** The `feed` number of the last result that the client has, 0 for all that are kept; left out, only what comes from now on */
      after?: number;
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      order?: string;
      /** Seconds to wait for a result where there is none */
      wait?: number;
      limit?: number;
      /** Whether to send pages along */
      pages?: boolean;
    };
    answer: {
      items: ErrandFeedItem[];
      /** Send it as `after` */
      next: number;
      /** The number of the newest result of the account */
      head: number;
    };
  };
  /** How late results of one’s orders were, against the promise */
  'GET /api/errands/latency': {
    query?: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      order?: string;
      /** How far back */
      hours?: number;
    };
    answer: {
      /** From when a run is due to its result */
      promiseMs: number;
      /** Delivered; of very many, the newest are counted */
      results: number;
      /** Milliseconds */
      p50: number;
      /** Milliseconds */
      p99: number;
      /** Milliseconds */
      worst: number;
      /** Refunded instead */
      failed: number;
    };
  };
  /** Supply and demand of errands: what waits, who fetches, and how fast */
  'GET /api/errands/market': {
    answer: ErrandsMarket;
  };
  /** One’s own earnings, reputation and machines as a miner */
  'GET /api/errands/miner': {
    answer: ErrandsMiner;
  };
  /** One’s own answers to runs and what became of them, the newest first */
  'GET /api/errands/miner/answers': {
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
      /** Only those, such as `refused` */
      verdict?: 'waiting' | 'accepted' | 'refused';
    };
    answer: {
      answers: {
        /** Such as `KE-7G2M-Q0ZD-41XB` */
        order: string;
        generation: number;
        slot: number;
        copy: number;
        verdict: 'waiting' | 'accepted' | 'refused';
        /** Why it was refused: `lie`, `shut-out`, `disagrees` with most of the others, or `no-majority` among the answers to its run */
        reason: string | null;
        /** `refunded` to the customer; `none`: the house fetched the page again for the coin */
        payment: 'pending' | 'paid' | 'refunded' | 'none';
        /** When it came, milliseconds since 1970 */
        answeredAt: number;
        /** When it is paid, unless an audit is under way, milliseconds since 1970 */
        settlesAt: number;
      }[];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** One’s own machines that fetched, those seen last first */
  'GET /api/errands/miner/machines': {
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: {
      machines: {
        name: string;
        /** Of its program */
        version: string;
        /** No two copies of a run are fetched within one */
        network: string;
        /** Pages that it fetches at the same time */
        concurrency: number;
        pages: number;
        failures: number;
        /** When it was seen last, milliseconds since 1970 */
        lastAt: number;
      }[];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** One’s own orders, the newest first */
  'GET /api/errands/orders': {
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
      state?: 'active' | 'paused' | 'out-of-coins' | 'locked' | 'done' | 'cancelled';
      /** A part of the title, the address or the id */
      search?: string;
      /** Only what the request with this Idempotency-Key made: nothing, if it was not done so far */
      key?: string;
    };
    answer: {
      orders: ErrandsOrder[];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** One’s own orders that are neither done nor cancelled, as a file that can be imported */
  'GET /api/errands/orders/export': {
    query?: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      id?: string;
    };
    answer: {
      format: 'kontor-errands';
      version: 1;
      orders: Operations['GET /api/errands/examples']['answer']['examples'][number]['order'][];
    };
  };
  /** One of one’s own orders */
  'GET /api/errands/orders/{id}': {
    path: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      id: string;
    };
    answer: ErrandsOrder;
  };
  /** The results of an order */
  'GET /api/errands/orders/{id}/results': {
    path: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      id: string;
    };
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
      /** Only those; `failed` has withdrawn ones, too */
      only?: 'delivered' | 'changed' | 'failed';
    };
    answer: {
      /** Newest first */
      results: ErrandResult[];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** A result with the text of its page */
  'GET /api/errands/orders/{id}/results/{number}': {
    path: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      id: string;
      /** The number of the result in its order */
      number: number;
    };
    answer: ErrandResultShown;
  };
  /** What changed since the last change before this result */
  'GET /api/errands/orders/{id}/results/{number}/difference': {
    path: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      id: string;
      /** The number of the result in its order */
      number: number;
    };
    answer: {
      /** The number of the result that it is compared with; null for the first */
      before: number | null;
      /** What is compared */
      of: 'value' | 'text';
      /** Null where there is nothing to compare, or it took too long */
      difference: {
        lines: {
          kind: 'same' | 'added' | 'removed';
          parts: {
            text: string;
            /** Whether this part of the line differs */
            changed: boolean;
          }[];
        } | {
          kind: 'skipped';
          /** Lines that are the same on both sides */
          lines: number;
        }[];
        added: number;
        removed: number;
        /** Whether not all of it is shown */
        cut: boolean;
      } | null;
    };
  };
  /** The page of a result as it was fetched */
  'GET /api/errands/orders/{id}/results/{number}/page': {
    path: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      id: string;
      /** The number of the result in its order */
      number: number;
    };
    answer: Uint8Array;
  };
  /** The runs of an order that are open at present, by their time */
  'GET /api/errands/orders/{id}/runs': {
    path: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      id: string;
    };
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: {
      runs: ErrandsOpenRun[];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** The numbers of an order, for charts */
  'GET /api/errands/orders/{id}/series': {
    path: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      id: string;
    };
    query?: {
      /** How far back */
      days?: number;
      /** At most so many: those between are put together */
      points?: number;
    };
    answer: {
      points: {
        /** When it was due, milliseconds since 1970 */
        at: number;
        /** The least, in millionths */
        low: number;
        /** The most, in millionths */
        high: number;
        /** The last, in millionths */
        last: number;
      }[];
    };
  };
  /** Whether the webhook of an order works */
  'GET /api/errands/orders/{id}/webhook': {
    path: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      id: string;
    };
    answer: ErrandWebhook;
  };
  /** The results of all of one’s orders */
  'GET /api/errands/results': {
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
      /** Only those; `failed` has withdrawn ones, too */
      only?: 'delivered' | 'changed' | 'failed';
    };
    answer: {
      /** Newest first */
      results: ErrandResult[];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** The secret that one’s webhooks are signed with */
  'GET /api/errands/webhook-secret': {
    answer: {
      /** Begins with whsec_, as libraries for Standard Webhooks take it */
      secret: string;
    };
  };
  /** What is in the lake */
  'GET /api/flights/admin/lake': {
    answer: FlightsLake;
  };
  /** Bookings of the newest days, and what of them went back */
  'GET /api/flights/admin/overview': {
    answer: FlightsOverview;
  };
  /** Runs of the pricer that changed prices, the newest first */
  'GET /api/flights/admin/runs': {
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: {
      runs: PricerRun[];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** Flight numbers with their schedule and fares */
  'GET /api/flights/admin/services': {
    query?: {
      /** Three letters, such as LIS */
      from?: string;
      /** Three letters, such as LIS */
      to?: string;
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: {
      services: FlightService[];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** Airports by code, city or name */
  'GET /api/flights/airports': {
    query?: {
      text?: string;
      limit?: number;
    };
    answer: {
      /** The best match first */
      airports: Airport[];
    };
  };
  /** One’s own bookings, the newest first */
  'GET /api/flights/bookings': {
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
      /** Only what the request with this Idempotency-Key made: nothing, if it was not done so far */
      key?: string;
    };
    answer: {
      bookings: FlightBookingSummary[];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** One of one’s own bookings with its tickets */
  'GET /api/flights/bookings/{id}': {
    path: {
      /** Such as `KF-7G2M-Q0ZD-41XB` */
      id: string;
    };
    answer: FlightBooking;
  };
  /** The flights of a booking as a calendar file */
  'GET /api/flights/bookings/{id}/flights.ics': {
    path: {
      /** Such as `KF-7G2M-Q0ZD-41XB` */
      id: string;
    };
    answer: string;
  };
  /** The lowest price of each day of a month */
  'GET /api/flights/calendar': {
    query: {
      /** Three letters, such as LIS */
      from: string;
      /** Three letters, such as LIS */
      to: string;
      /** Such as `2026-12` */
      month: string;
      cabin: 'economy' | 'business';
      passengers?: number;
    };
    answer: {
      month: string;
      days: {
        /** A date at the airport, such as `2026-12-01` */
        date: string;
        /** Null without a flight that has enough seats */
        price: number | null;
      }[];
      /** When these prices were read, milliseconds since 1970 */
      pricesAt: number;
    };
  };
  /** Which routes are watched, and which prices moved */
  'GET /api/flights/demand': {
    answer: FlightDemand;
  };
  /** One flight with its fares */
  'GET /api/flights/flights/{id}': {
    path: {
      /** The flight number and the local date of its departure, such as `KO1234-20261201` */
      id: string;
    };
    answer: Flight;
  };
  /** Why this price, and the prices before it */
  'GET /api/flights/flights/{id}/prices': {
    path: {
      /** The flight number and the local date of its departure, such as `KO1234-20261201` */
      id: string;
    };
    query: {
      cabin: 'economy' | 'business';
    };
    answer: FlightPrices;
  };
  /** The seats of a flight, and which are free */
  'GET /api/flights/flights/{id}/seats': {
    path: {
      /** The flight number and the local date of its departure, such as `KO1234-20261201` */
      id: string;
    };
    answer: SeatMap;
  };
  /** One of one’s own quotes */
  'GET /api/flights/quotes/{id}': {
    path: {
      id: string;
    };
    answer: FlightQuote;
  };
  /** Flights between two airports on a day */
  'GET /api/flights/search': {
    query: {
      /** Three letters, such as LIS */
      from: string;
      /** Three letters, such as LIS */
      to: string;
      /** A date at the airport, such as `2026-12-01` */
      date: string;
      /** Also search this many days earlier and later */
      flexDays?: number;
      passengers?: number;
      cabin?: 'economy' | 'business';
      maxStops?: number;
      /** For one passenger */
      maxPrice?: number;
      /** Local minute of the day */
      departFromMinute?: number;
      /** Local minute of the day */
      departToMinute?: number;
      sort?: 'price' | 'duration' | 'departure' | 'arrival';
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: FlightSearchResult;
  };
  /** This API as an OpenAPI 3.1 document */
  'GET /api/openapi.json': {
    answer: unknown;
  };
  /** The books, the loop and the pull under way, at a glance */
  'GET /api/overview': {
    answer: Overview;
  };
  /** Every process, role, engine, lease and queue, and the events of the last hour */
  'GET /api/overview/house': {
    answer: House;
  };
  /** All pulls that are kept, newest first */
  'GET /api/overview/pulls': {
    answer: {
      items: Pull[];
    };
  };
  /** All pulls that are kept, as CSV */
  'GET /api/overview/pulls.csv': {
    answer: string;
  };
  /** What the sender may pull, and what would happen */
  'GET /api/overview/pulls/choices': {
    answer: PullChoices;
  };
  /** One pull, with the laws as its audit found them */
  'GET /api/overview/pulls/{id}': {
    path: {
      id: string;
    };
    answer: PullWithLaws;
  };
  /** All accounts, by address (admins) */
  'GET /api/people/accounts': {
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
      /** What the address, the name or the last name begins with */
      search?: string;
    };
    answer: Accounts;
  };
  /** The audit trail (admins) */
  'GET /api/people/events': {
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
      account?: string;
    };
    answer: NamedEvents;
  };
  /** In a demonstration: the letters that the house would send */
  'GET /api/people/letters': {
    answer: Letters;
  };
  /** Who I am */
  'GET /api/people/me': {
    answer: Me;
  };
  /** My access tokens */
  'GET /api/people/me/access-tokens': {
    answer: AccessTokens;
  };
  /** What happened to my account */
  'GET /api/people/me/events': {
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: SecurityEvents;
  };
  /** Where I am logged in */
  'GET /api/people/me/sessions': {
    answer: Sessions;
  };
  /** Who ordered something */
  'GET /api/shop/admin/customers': {
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: {
      customers: {
        accountId: string;
        /** Null for the house itself, and for accounts that are gone */
        accountName: string | null;
        orders: number;
        spent: number;
        refunded: number;
        lastOrderAt: number;
      }[];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** Everybody’s orders */
  'GET /api/shop/admin/orders': {
    query?: {
      state?: 'awaiting_payment' | 'paid' | 'packed' | 'shipped' | 'delivered' | 'cancelled' | 'returned';
      accountId?: string;
      /** What to look for */
      search?: string;
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: {
      /** Newest first */
      orders: AdminOrderSummary[];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** One order */
  'GET /api/shop/admin/orders/{id}': {
    path: {
      /** Such as `KO-7G2M-Q0ZD-41XB` */
      id: string;
    };
    answer: AdminOrder;
  };
  /** Sales, refunds, open orders, and what runs low */
  'GET /api/shop/admin/overview': {
    answer: ShopOverview;
  };
  /** All products, also those not for sale, by id */
  'GET /api/shop/admin/products': {
    query?: {
      /** What to look for */
      search?: string;
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: {
      products: Product[];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** All products as CSV, as the import takes it */
  'GET /api/shop/admin/products.csv': {
    answer: string;
  };
  /** One product, its stock, and what came in */
  'GET /api/shop/admin/products/{id}': {
    path: {
      /** Such as `darjeeling-first-flush` */
      id: string;
    };
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: AdminProduct;
  };
  /** Promo codes, newest first */
  'GET /api/shop/admin/promos': {
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: {
      promos: Promo[];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** What went back, the newest first */
  'GET /api/shop/admin/refunds': {
    query?: {
      /** Only those that are settled, or only those that are owed */
      settled?: boolean;
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: {
      /** The newest first */
      refunds: {
        id: string;
        /** Such as `KO-7G2M-Q0ZD-41XB` */
        orderId: string;
        amount: number;
        reason: string;
        /** Which of the house’s own notes it is; null for what somebody wrote */
        houseNote: 'by-the-customer' | 'payment-failed' | 'payment-overdue' | 'payment-too-late' | 'paid-through-provider' | 'refunded' | null;
        by: string;
        /** Null for the house itself, and for accounts that are gone */
        byName: string | null;
        at: number;
        /** False while it is owed: the payment provider has not taken note yet */
        settled: boolean;
      }[];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** What is left of everything for sale, the least first */
  'GET /api/shop/admin/stock': {
    query?: {
      /** Only where fewer pieces can be ordered; 1 for what is sold out */
      below?: number;
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: {
      /** The least available first */
      stock: ShopOverview['low'];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** A variant’s stock and what came in */
  'GET /api/shop/admin/stock/{id}': {
    path: {
      /** The article number, such as `TEA-001-100G` */
      id: string;
    };
    answer: Stock;
  };
  /** One’s own cart */
  'GET /api/shop/cart': {
    answer: Cart;
  };
  /** The departments */
  'GET /api/shop/categories': {
    answer: {
      categories: ShopCategory[];
      /** Whether prices contain the tax */
      taxMode: 'included' | 'added';
      /** Ways to pay */
      payments: ('coins' | 'provider')[];
    };
  };
  /** One’s own orders */
  'GET /api/shop/orders': {
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
      /** Only what the request with this Idempotency-Key made: nothing, if it was not done so far */
      key?: string;
    };
    answer: {
      /** Newest first */
      orders: OrderSummary[];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** One of one’s own orders */
  'GET /api/shop/orders/{id}': {
    path: {
      /** Such as `KO-7G2M-Q0ZD-41XB` */
      id: string;
    };
    answer: Order;
  };
  /** A picture of a product */
  'GET /api/shop/pictures/avif/{hash}': {
    path: {
      hash: string;
    };
    answer: Uint8Array;
  };
  /** A picture of a product */
  'GET /api/shop/pictures/jpeg/{hash}': {
    path: {
      hash: string;
    };
    answer: Uint8Array;
  };
  /** A picture of a product */
  'GET /api/shop/pictures/png/{hash}': {
    path: {
      hash: string;
    };
    answer: Uint8Array;
  };
  /** A picture of a product */
  'GET /api/shop/pictures/webp/{hash}': {
    path: {
      hash: string;
    };
    answer: Uint8Array;
  };
  /** Products, searched and sorted */
  'GET /api/shop/products': {
    query?: {
      /** Words to look for; slips are forgiven */
      text?: string;
      /** Such as `tea` */
      category?: string;
      /** Lowest price wanted, in coins */
      minPrice?: number;
      /** Highest price wanted, in coins */
      maxPrice?: number;
      /** Only what can be delivered */
      inStock?: boolean;
      /** Without a text, `relevance` means popular */
      sort?: 'relevance' | 'popular' | 'newest' | 'name' | 'price' | 'price-down';
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: ProductPage;
  };
  /** One product */
  'GET /api/shop/products/{id}': {
    path: {
      /** Such as `darjeeling-first-flush` */
      id: string;
    };
    answer: Product;
  };
  /** Its picture */
  'GET /api/shop/products/{id}/picture.svg': {
    path: {
      /** Such as `darjeeling-first-flush` */
      id: string;
    };
    answer: string;
  };
  /** Companies whose trades come from outside */
  'GET /api/stocks/admin/companies': {
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: {
      companies: OutsideCompany[];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** Companies at a glance, by code */
  'GET /api/stocks/companies': {
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
    };
    answer: {
      companies: CompanySummary[];
      /** Send it as "after" for the next page; null on the last page */
      next: string | null;
    };
  };
  /** One company at a glance */
  'GET /api/stocks/companies/{code}': {
    path: {
      /** Upper-case code of a company, such as MSFT */
      code: string;
    };
    answer: CompanySummary;
  };
  /** Bars of seconds, minutes or hours */
  'GET /api/stocks/companies/{code}/bars': {
    path: {
      /** Upper-case code of a company, such as MSFT */
      code: string;
    };
    query: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
      interval: '1s' | '1m' | '1h';
      /** First start, included, milliseconds since 1970; the beginning if left out */
      from?: number;
      /** Last start, excluded, milliseconds since 1970; the end if left out */
      to?: number;
      /** Which end of the range to begin at */
      take?: 'newest' | 'oldest';
    };
    answer: {
      /** Upper-case code of a company, such as MSFT */
      company: string;
      interval: '1s' | '1m' | '1h';
      /** Oldest first; intervals without trades are left out; the last may still be filling */
      bars: Bar[];
      /** Send it as `after` for the next page; null on the last */
      next: string | null;
    };
  };
  /** Closed batches */
  'GET /api/stocks/companies/{code}/batches': {
    path: {
      /** Upper-case code of a company, such as MSFT */
      code: string;
    };
    query?: {
      /** Items per page */
      limit?: number;
      /** The "next" of the previous page; left out for the first page */
      after?: string;
      /** First number, included; the oldest batch kept if left out */
      from?: number;
      /** Instead: this many of the newest, oldest first */
      newest?: number;
    };
    answer: {
      /** Oldest first */
      batches: Batch[];
      /** Send it as `after` for the next page; null on the last */
      next: string | null;
    };
  };
  /** That nothing is lost and nothing counted twice */
  'GET /api/stocks/proof': {
    answer: Proof;
  };
  /** The publisher's speed */
  'GET /api/stocks/rate': {
    answer: {
      tradesPerSecond: number | 'max';
    };
  };
  /** Sparklines of all companies */
  'GET /api/stocks/sparks': {
    query?: {
      /** How far back */
      minutes?: number;
    };
    answer: {
      sparks: {
        /** Upper-case code of a company, such as MSFT */
        company: string;
        stepMs: number;
        /** Time of the last point, milliseconds since 1970 */
        endAt: number;
        closesCents: (number | null)[];
      }[];
    };
  };
  /** The companies on my watch list */
  'GET /api/stocks/watched': {
    answer: {
      /** In the order in which they were put on it */
      companies: string[];
    };
  };
  /** Change an account's role, lock or unlock it (admins) */
  'PATCH /api/people/accounts/{id}': {
    path: {
      id: string;
    };
    body: {
      role?: 'member' | 'admin';
      locked?: boolean;
    };
    answer: AccountForAdmin;
  };
  /** Change my name */
  'PATCH /api/people/me': {
    body: {
      /** What others see; on one line */
      name: string;
    };
    answer: Account;
  };
  /** Retire a company, or bring it back */
  'PATCH /api/stocks/admin/companies/{code}': {
    path: {
      /** Upper-case code of a company, such as MSFT */
      code: string;
    };
    body: {
      retired: boolean;
    };
    answer: OutsideCompany;
  };
  /** Coins for nothing, once a day (in a demonstration) */
  'POST /api/coins/faucet': {
    answer: CoinsMoved;
  };
  /** Give coins from the mint (admins) */
  'POST /api/coins/grants': {
    body: {
      /** The id of somebody's account, as its owner's wallet shows it */
      account: string;
      /** Coins */
      amount: number;
      /** What the receiver reads; on one line */
      reason: string;
    };
    answer: CoinsMoved;
  };
  /** Send coins to somebody */
  'POST /api/coins/transfers': {
    body: {
      /** The id of somebody's account, as its owner's wallet shows it */
      to: string;
      /** Coins */
      amount: number;
      /** What both sides read; on one line */
      memo?: string;
    };
    answer: CoinsMoved;
  };
  /** Claim runs to fetch */
  'POST /api/errands/desk/claim': {
    body: {
      /** Chosen by the miner, and kept: it names the machine on the page of its account */
      machine: string;
      /** Of the program */
      version: string;
      /** Pages that it fetches at the same time */
      concurrency: number;
      /** Runs that it can take now */
      max: number;
      /** How long the answer may take when nothing is due */
      waitMs: number;
    };
    answer: ErrandsClaim;
  };
  /** Answer runs: with their pages, or why there are none */
  'POST /api/errands/desk/complete': {
    body: {
      /** Chosen by the miner, and kept: it names the machine on the page of its account */
      machine: string;
      answers: {
        /** As it was given by a claim */
        lease: string;
        /** Why there is no page, such as connect_failed; without the fields below */
        failure?: string;
        /** What the host asked for in Retry-After */
        retryAfterMs?: number;
        status?: number;
        /** After redirects */
        finalAddress?: string;
        contentType?: string;
        /** Milliseconds by phase */
        timings?: Record<string, number>;
        /** The page as it came, decompressed, in base64; at most 2097152 bytes */
        body?: string;
      }[];
    };
    answer: ErrandsCompletion;
  };
  /** Extend leases of runs that are still being fetched */
  'POST /api/errands/desk/extend': {
    body: {
      leases: string[];
    };
    answer: ErrandsExtension;
  };
  /** Give runs back that will not be fetched */
  'POST /api/errands/desk/release': {
    body: {
      leases: string[];
    };
    answer: ErrandsRelease;
  };
  /** Order one of the examples */
  'POST /api/errands/examples/{name}': {
    path: {
      name: 'prices' | 'news' | 'moody';
    };
    answer: ErrandsOrder;
  };
  /** Order a recurring fetch */
  'POST /api/errands/orders': {
    body: {
      /** The host if left out */
      title?: string;
      /** Of the page, http or https */
      address: string;
      method?: 'GET' | 'HEAD';
      /** Only headers that carry no secret: miners see them */
      headers?: Record<string, string>;
      schedule: {
        /** Null for now; a changed order keeps its start */
        start?: string | null;
        /** A time zone, such as `Europe/Berlin` */
        zone?: string;
        /** Once, every so many seconds from the start on, or by a cron expression in the time zone */
        repeat: {
          kind: 'once';
        } | {
          kind: 'interval';
          /** 10 or more */
          seconds: number;
        } | {
          kind: 'cron';
          /** Such as `0 9 * * mon-fri` */
          expression: string;
        };
        /** How often; null until the order is cancelled. They count from the beginning of the order, also when it is changed */
        repetitions?: number | null;
        /** Each run is due up to so much later */
        jitterSeconds?: number;
        /** Null for at all hours */
        activeHours?: {
          /** 1 for Monday to 7 for Sunday */
          days: number[];
          /** Such as `09:00` */
          from: string;
          /** Such as `17:30`; an end before the beginning is on the next day */
          to: string;
        } | null;
        /** What becomes of times that were missed */
        catchUp?: 'skip' | 'one' | 'all';
        /** A time that is later than this counts as missed */
        lateSeconds?: number;
        /** Whether a time is passed over while a run is open */
        overlap?: 'allow' | 'skip';
      };
      /** Null for the whole page */
      extraction?: {
        kind: 'css' | 'xpath' | 'jsonpath' | 'regex';
        expression: string;
        /** For CSS: the value of this attribute instead of the text */
        attribute?: string;
        /** All that is found, a line each, instead of the first */
        all?: boolean;
        /** What separates decimals, where the text does not tell */
        decimal?: '.' | ',';
      } | null;
      /** Deliver only what differs from the result before */
      onlyChanges?: boolean;
      /** Where results are sent to, signed */
      webhook?: string | null;
      /** Send results by mail */
      mail?: boolean;
      /** Miners that fetch each run; each costs a coin */
      copies?: number;
      /** Numbers that are extracted are put on the tape under this name, such as `ERRANDS.TEA` */
      instrument?: string | null;
    };
    answer: ErrandsOrder;
  };
  /** Place all orders of an export, or none */
  'POST /api/errands/orders/import': {
    body: {
      format: 'kontor-errands';
      version: 1;
      orders: Operations['POST /api/errands/orders']['body'][];
    };
    answer: {
      ids: string[];
    };
  };
  /** What an order would cost, and when it would be due */
  'POST /api/errands/orders/quote': {
    body: Operations['POST /api/errands/orders']['body'];
    answer: {
      price: {
        /** For each repetition, in coins */
        perRepetition: number;
        /** For all repetitions, in coins; null for an order without an end */
        total: number | null;
        /** Taken when it is ordered, in coins */
        now: number;
        /** In the wallet, in coins */
        available: number;
      };
      /** The next ten times */
      nextTimes: number[];
    };
  };
  /** Cancel an order */
  'POST /api/errands/orders/{id}/cancellation': {
    path: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      id: string;
    };
    answer: ErrandsOrder;
  };
  /** Order the same once more */
  'POST /api/errands/orders/{id}/clone': {
    path: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      id: string;
    };
    answer: ErrandsOrder;
  };
  /** Pause an order */
  'POST /api/errands/orders/{id}/pause': {
    path: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      id: string;
    };
    answer: ErrandsOrder;
  };
  /** Let an order go on */
  'POST /api/errands/orders/{id}/resume': {
    path: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      id: string;
    };
    answer: ErrandsOrder;
  };
  /** Run an order now, beside its schedule */
  'POST /api/errands/orders/{id}/runs': {
    path: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      id: string;
    };
    answer: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      orderId: string;
      generation: number;
      slot: number;
    };
  };
  /** Send to a receiver again that the house has given up on */
  'POST /api/errands/orders/{id}/webhook/resume': {
    path: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      id: string;
    };
    answer: ErrandWebhook;
  };
  /** Fetch the page of an order once, and show what would be kept of it and when */
  'POST /api/errands/preview': {
    body: Operations['POST /api/errands/orders']['body'];
    answer: {
      failure: string | null;
      page: {
        /** Of HTTP */
        status: number;
        /** Where it came from, after redirects */
        address: string;
        contentType: string | null;
        bytes: number;
        /** How long it took */
        totalMs: number;
      } | null;
      text: string | null;
      found: {
        value: string | null;
        number: number | null;
        problem: string | null;
      } | null;
      /** The next ten times */
      nextTimes: number[];
    };
  };
  /** A new secret: from now on webhooks are signed with it only */
  'POST /api/errands/webhook-secret/renewal': {
    answer: {
      /** Begins with whsec_, as libraries for Standard Webhooks take it */
      secret: string;
    };
  };
  /** Compute prices now */
  'POST /api/flights/admin/runs': {
    body: {
      /** Say what would change, and change nothing */
      dryRun?: boolean;
    };
    answer: Repriced;
  };
  /** Book a quote */
  'POST /api/flights/bookings': {
    body: {
      quoteId: string;
      /** The total as it was shown; another one is refused */
      expectedTotal: number;
      passengers: {
        /** As in the passport */
        givenName: string;
        /** As in the passport */
        familyName: string;
        /** One for each flight in the order of the quote; null for any free seat */
        seats: (string | null)[];
      }[];
    };
    answer: FlightBooking;
  };
  /** Cancel a booking */
  'POST /api/flights/bookings/{id}/cancellation': {
    path: {
      /** Such as `KF-7G2M-Q0ZD-41XB` */
      id: string;
    };
    body: {
      /** The refund as it was shown; another one is refused */
      expectedRefund: number;
    };
    answer: FlightBooking;
  };
  /** The current price, held for some minutes */
  'POST /api/flights/quotes': {
    body: {
      /** The flights in the order of travel, such as out and back with a change each */
      flights: string[];
      cabin: 'economy' | 'business';
      passengers: number;
    };
    answer: FlightQuote;
  };
  /** Pull the plug of a role, a process or an engine */
  'POST /api/overview/pulls': {
    body: {
      kind: 'stop-role' | 'cut-role' | 'fill-disk' | 'set-clock' | 'kill-process' | 'stop-process' | 'cut-process' | 'fill-process-disk' | 'set-process-clock' | 'kill-engine';
      /** One of the choices */
      target: string;
    };
    answer: Pull;
  };
  /** Log in: sets the session cookie */
  'POST /api/people/login': {
    body: {
      /** An e-mail address; upper and lower case are the same */
      email: string;
      /** The present password */
      password: string;
      /** Six digits from the authenticator, or a recovery code; each works once */
      code?: string;
    };
    answer: LoggedIn;
  };
  /** Log out: ends the session */
  'POST /api/people/logout': {
    answer: undefined;
  };
  /** Make an access token for a program */
  'POST /api/people/me/access-tokens': {
    body: {
      /** What others see; on one line */
      name: string;
      /** `read` looks, `write` changes, `admin` also does what only an admin may; `trades` puts trades on the tape, and nothing else. Only an admin may make tokens with the last two */
      scopes: ('read' | 'write' | 'admin' | 'trades')[];
      /** How long it works */
      days?: number;
    };
    answer: MadeAccessToken;
  };
  /** Close my account, for ever */
  'POST /api/people/me/close': {
    body: {
      /** The present password */
      password: string;
    };
    answer: undefined;
  };
  /** Ask for another address */
  'POST /api/people/me/email': {
    body: {
      /** An e-mail address; upper and lower case are the same */
      email: string;
      /** The present password */
      password: string;
    };
    answer: LetterPosted;
  };
  /** Change my address with the link of the letter */
  'POST /api/people/me/email/confirm': {
    body: {
      /** What comes after the # in the link of the letter */
      token: string;
    };
    answer: undefined;
  };
  /** Change my password */
  'POST /api/people/me/password': {
    body: {
      /** The present password */
      password: string;
      /** Any 10 to 200 characters that are not among the first that anybody would guess */
      newPassword: string;
      /** The access tokens that go on; all others end, those of miners too */
      keepAccessTokens?: string[];
    };
    answer: undefined;
  };
  /** New recovery codes, in place of the old */
  'POST /api/people/me/recovery-codes': {
    body: {
      /** The present password */
      password: string;
    };
    answer: RecoveryCodes;
  };
  /** Begin a second factor */
  'POST /api/people/me/second-factor': {
    body: {
      /** The present password */
      password: string;
    };
    answer: SecondFactorOffer;
  };
  /** Switch the second factor on with its first code */
  'POST /api/people/me/second-factor/confirm': {
    body: {
      /** Six digits */
      code: string;
    };
    answer: RecoveryCodes;
  };
  /** Switch the second factor off */
  'POST /api/people/me/second-factor/remove': {
    body: {
      /** The present password */
      password: string;
    };
    answer: undefined;
  };
  /** Ask for a new password */
  'POST /api/people/password/forgotten': {
    body: {
      /** An e-mail address; upper and lower case are the same */
      email: string;
    };
    answer: LetterPosted;
  };
  /** Set a new password with the link of the letter */
  'POST /api/people/password/reset': {
    body: {
      /** What comes after the # in the link of the letter */
      token: string;
      /** Any 10 to 200 characters that are not among the first that anybody would guess */
      password: string;
    };
    answer: undefined;
  };
  /** Ask for an account */
  'POST /api/people/sign-up': {
    body: {
      /** An e-mail address; upper and lower case are the same */
      email: string;
      /** What others see; on one line */
      name: string;
    };
    answer: LetterPosted;
  };
  /** Open the account with a password, and log in */
  'POST /api/people/sign-up/confirm': {
    body: {
      /** What comes after the # in the link of the letter */
      token: string;
      /** Any 10 to 200 characters that are not among the first that anybody would guess */
      password: string;
    };
    answer: Account;
  };
  /** Replace the keys that sign tokens (admins) */
  'POST /api/people/signing-keys/replace': {
    answer: undefined;
  };
  /** A signed token for another service */
  'POST /api/people/token': {
    body: {
      /** Who is to accept it: the name that the verifying service knows itself by */
      audience?: string;
    };
    answer: SignedToken;
  };
  /** Give back what was paid, all of it or a part */
  'POST /api/shop/admin/orders/{id}/refunds': {
    path: {
      /** Such as `KO-7G2M-Q0ZD-41XB` */
      id: string;
    };
    body: {
      /** Told to the customer */
      reason: string;
      /** All that is left of the order */
      everything?: boolean;
      /** With `everything`: whether the goods go back on the shelf */
      restock?: boolean;
      lines?: {
        line: number;
        quantity: number;
        /** Whether they go back on the shelf */
        restock: boolean;
      }[];
      /** Coins on top; the goods stay with the customer */
      amount?: number;
    };
    answer: {
      id: string;
      /** Such as `KO-7G2M-Q0ZD-41XB` */
      orderId: string;
      amount: number;
    };
  };
  /** Move an order on */
  'POST /api/shop/admin/orders/{id}/state': {
    path: {
      /** Such as `KO-7G2M-Q0ZD-41XB` */
      id: string;
    };
    body: {
      state: 'packed' | 'shipped' | 'delivered' | 'cancelled';
      /** For the history, such as a tracking number */
      note: string;
    };
    answer: AdminOrder;
  };
  /** Import products from CSV */
  'POST /api/shop/admin/products.csv': {
    query?: {
      /** Only check the file */
      dryRun?: boolean;
    };
    body: string;
    contentType: 'text/csv';
    answer: {
      products: number;
      variants: number;
      dryRun: boolean;
    };
  };
  /** Goods came in, or went without being sold */
  'POST /api/shop/admin/stock/{id}/receipts': {
    path: {
      /** The article number, such as `TEA-001-100G` */
      id: string;
    };
    body: {
      /** Pieces that came in; negative for what was lost or broken */
      pieces: number;
      /** Such as `delivery 4711` */
      reason: string;
    };
    answer: Stock;
  };
  /** Keep the pieces in the cart for a while */
  'POST /api/shop/cart/reservation': {
    answer: {
      /** Until when the pieces are kept, milliseconds since 1970 */
      expiresAt: number;
    };
  };
  /** Order what is in the cart */
  'POST /api/shop/checkout': {
    body: {
      payment: 'coins' | 'provider';
      /** The total of the cart as it was shown; another one is refused */
      expectedTotal: number;
      shipTo: {
        /** Who receives it */
        name: string;
        /** Street and number */
        street: string;
        /** Postcode */
        postcode: string;
        /** City */
        city: string;
        /** Two letters, such as DE */
        country: string;
      };
    };
    answer: Order;
  };
  /** Cancel an order that is not packed yet */
  'POST /api/shop/orders/{id}/cancellation': {
    path: {
      /** Such as `KO-7G2M-Q0ZD-41XB` */
      id: string;
    };
    answer: Order;
  };
  /** Pay with the test provider, or fail to */
  'POST /api/shop/orders/{id}/test-payment': {
    path: {
      /** Such as `KO-7G2M-Q0ZD-41XB` */
      id: string;
    };
    body: {
      outcome: 'paid' | 'failed';
    };
    answer: {
      /** applied, repeated or late */
      outcome: string;
    };
  };
  /** For the payment provider: a payment succeeded or failed */
  'POST /api/shop/payment-events': {
    body: string;
    answer: {
      /** applied, repeated or late */
      outcome: string;
    };
  };
  /** Put your own trades on the tape */
  'POST /api/stocks/trades': {
    body: string | unknown[];
    contentType: 'application/x-ndjson' | 'application/json';
    answer: TradesAccepted;
  };
  /** Change an order */
  'PUT /api/errands/orders/{id}': {
    path: {
      /** Such as `KE-7G2M-Q0ZD-41XB` */
      id: string;
    };
    body: Operations['POST /api/errands/orders']['body'];
    answer: ErrandsOrder;
  };
  /** Add a flight number, or change its schedule and fares */
  'PUT /api/flights/admin/services/{number}': {
    path: {
      /** Such as `KO1234` */
      number: string;
    };
    body: {
      /** Three letters, such as LIS */
      from: string;
      /** Three letters, such as LIS */
      to: string;
      /** Local minute of the day */
      departsMinute: number;
      durationMinutes: number;
      /** 1 for Monday */
      weekdays: number[];
      aircraft: string;
      /** Where prices start, in coins */
      economyBase: number;
      /** Null where the aircraft has no business cabin */
      businessBase: number | null;
      /** A date at the airport, such as `2026-12-01` */
      firstDay: string;
      /** Null: until further notice */
      lastDay: string | null;
    };
    answer: FlightService;
  };
  /** Add a product, or change it */
  'PUT /api/shop/admin/products/{id}': {
    path: {
      /** Such as `darjeeling-first-flush` */
      id: string;
    };
    headers?: {
      'if-none-match'?: '*';
    };
    body: {
      /** Such as `tea` */
      category: string;
      /** As customers read it */
      name: string;
      /** Plain text */
      description: string;
      /** Further words that the search finds it by */
      keywords: string;
      /** Whether it is for sale */
      active: boolean;
      /** With the German names of variants; left out, what is stored stays */
      german?: {
        /** Empty: the same as in English */
        name: string;
        /** Empty: the same as in English */
        description: string;
      };
      /** Those that are left out are no longer sold */
      variants: {
        /** The article number, such as `TEA-001-100G` */
        id: string;
        /** Such as `250 g` */
        name: string;
        /** A piece, in coins */
        price: number;
        active: boolean;
        /** Empty: the same as in English */
        germanName?: string;
      }[];
    };
    answer: Product;
  };
  /** Give a product a picture, in the place of the one before */
  'PUT /api/shop/admin/products/{id}/picture': {
    path: {
      /** Such as `darjeeling-first-flush` */
      id: string;
    };
    body: string;
    contentType: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/avif';
    answer: {
      /** Its address */
      picture: string;
    };
  };
  /** Add a promo code, or change it */
  'PUT /api/shop/admin/promos/{code}': {
    path: {
      /** Case and spaces do not matter */
      code: string;
    };
    body: {
      kind: 'percent' | 'amount';
      /** Percent (at most 100), or coins */
      value: number;
      /** The least an order must come to */
      minSubtotal: number;
      startsAt: number | null;
      endsAt: number | null;
      maxUses: number | null;
      maxUsesPerAccount: number | null;
      active: boolean;
    };
    answer: Promo;
  };
  /** Put pieces into the cart, or take them out */
  'PUT /api/shop/cart/lines/{id}': {
    path: {
      /** The article number, such as `TEA-001-100G` */
      id: string;
    };
    body: {
      /** Pieces; 0 takes the line away */
      quantity: number;
    };
    answer: Cart;
  };
  /** Use a promo code */
  'PUT /api/shop/cart/promo': {
    body: {
      /** Case and spaces do not matter */
      code: string;
    };
    answer: Cart;
  };
  /** Sets the publisher's speed, while it runs */
  'PUT /api/stocks/rate': {
    body: {
      tradesPerSecond: number | 'max';
    };
    answer: {
      tradesPerSecond: number | 'max';
    };
  };
  /** Put a company on my watch list */
  'PUT /api/stocks/watched/{code}': {
    path: {
      /** Upper-case code of a company, such as MSFT */
      code: string;
    };
    answer: {
      /** In the order in which they were put on it */
      companies: string[];
    };
  };
}

/** Operations that take a key, which makes them safe to repeat. */
export const keyedOperations: ReadonlySet<string> = new Set<keyof Operations>([
  'POST /api/coins/grants',
  'POST /api/coins/transfers',
  'POST /api/errands/orders',
  'POST /api/errands/orders/import',
  'POST /api/errands/orders/{id}/clone',
  'POST /api/errands/orders/{id}/runs',
  'POST /api/flights/bookings',
  'POST /api/shop/admin/orders/{id}/refunds',
  'POST /api/shop/checkout',
  'POST /api/stocks/trades',
]);
