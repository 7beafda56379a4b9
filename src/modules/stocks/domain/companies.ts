/** The companies that the publisher simulates, each with parameters of its own. */

/** The form of a code on the tape. */
export const companyPattern = '^[A-Z][A-Z0-9.-]{0,11}$';

/** A company that the publisher simulates. Amplitudes are shares of the base price; see walk.ts for what they do. */
export interface SimulatedCompany {
  readonly code: string;
  readonly name: string;
  readonly sector: string;
  readonly basePriceCents: number;
  /** How far the price wanders from its base over hours and days, such as 0.2. */
  readonly volatility: number;
  /** How much single trades scatter around the walk, such as 0.0005. */
  readonly scatter: number;
  /** How often the price jumps: the chance per window of some minutes, 0 to 1. */
  readonly jumpChance: number;
  /** The size of the largest jump, such as 0.05. */
  readonly jumpSize: number;
  /** Typical quantity of a trade. */
  readonly lot: number;
}

/** What the prices of a company follow from. */
export type CompanyParameters = Omit<SimulatedCompany, 'name' | 'sector'>;

export const defaultCompanies: readonly SimulatedCompany[] = [
  {
    code: 'MSFT',
    name: 'Microsoft',
    sector: 'Software',
    basePriceCents: 41_250,
    volatility: 0.024,
    scatter: 0.00012,
    jumpChance: 0.1,
    jumpSize: 0.012,
    lot: 40,
  },
  {
    code: 'TSLA',
    name: 'Tesla',
    sector: 'Vehicles',
    basePriceCents: 24_800,
    volatility: 0.09,
    scatter: 0.00048,
    jumpChance: 0.45,
    jumpSize: 0.036,
    lot: 120,
  },
  {
    code: 'AAPL',
    name: 'Apple',
    sector: 'Devices',
    basePriceCents: 19_475,
    volatility: 0.03,
    scatter: 0.00012,
    jumpChance: 0.12,
    jumpSize: 0.012,
    lot: 60,
  },
  {
    code: 'NVDA',
    name: 'Nvidia',
    sector: 'Chips',
    basePriceCents: 13_120,
    volatility: 0.08,
    scatter: 0.00036,
    jumpChance: 0.35,
    jumpSize: 0.03,
    lot: 150,
  },
  {
    code: 'AMZN',
    name: 'Amazon',
    sector: 'Retail',
    basePriceCents: 18_340,
    volatility: 0.04,
    scatter: 0.00016,
    jumpChance: 0.15,
    jumpSize: 0.018,
    lot: 70,
  },
  {
    code: 'SAP',
    name: 'SAP',
    sector: 'Software',
    basePriceCents: 17_690,
    volatility: 0.026,
    scatter: 0.00016,
    jumpChance: 0.1,
    jumpSize: 0.012,
    lot: 30,
  },
  {
    code: 'SIE',
    name: 'Siemens',
    sector: 'Industry',
    basePriceCents: 16_955,
    volatility: 0.028,
    scatter: 0.00016,
    jumpChance: 0.08,
    jumpSize: 0.012,
    lot: 25,
  },
  {
    code: 'ALV',
    name: 'Allianz',
    sector: 'Insurance',
    basePriceCents: 25_510,
    volatility: 0.018,
    scatter: 0.000_08,
    jumpChance: 0.05,
    jumpSize: 0.009,
    lot: 20,
  },
  {
    code: 'HLAG',
    name: 'Hapag-Lloyd',
    sector: 'Shipping',
    basePriceCents: 14_830,
    volatility: 0.07,
    scatter: 0.0006,
    jumpChance: 0.3,
    jumpSize: 0.03,
    lot: 12,
  },
  {
    code: 'LHA',
    name: 'Lufthansa',
    sector: 'Airlines',
    basePriceCents: 692,
    volatility: 0.056,
    scatter: 0.0004,
    jumpChance: 0.25,
    jumpSize: 0.024,
    lot: 400,
  },
  {
    code: 'NESN',
    name: 'Nestlé',
    sector: 'Food',
    basePriceCents: 9_385,
    volatility: 0.014,
    scatter: 0.000_08,
    jumpChance: 0.03,
    jumpSize: 0.006,
    lot: 45,
  },
  {
    code: 'BRK.A',
    name: 'Berkshire Hathaway',
    sector: 'Holdings',
    basePriceCents: 62_340_000,
    volatility: 0.012,
    scatter: 0.000_08,
    jumpChance: 0.04,
    jumpSize: 0.006,
    lot: 2,
  },
];

/** The queues of existing publishers by default. */
export const defaultBridgedCompanies: readonly string[] = ['MSFT', 'TSLA', 'AAPL'];

export function companiesNamed(codes: readonly string[]): readonly SimulatedCompany[] {
  return codes.map(companyNamed);
}

/** A known one keeps its parameters; any other gets some that follow from its code. */
export function companyNamed(code: string): SimulatedCompany {
  return defaultCompanies.find((company) => company.code === code) ?? derivedCompany(code);
}

function derivedCompany(code: string): SimulatedCompany {
  let hash = 2_166_136_261;
  for (const character of code) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  const share = (shift: number) => ((hash >>> shift) & 255) / 255;
  return {
    code,
    name: code,
    sector: 'Other',
    basePriceCents: 1_000 + Math.round(share(0) * 40_000),
    volatility: 0.02 + share(8) * 0.06,
    scatter: 0.0001 + share(16) * 0.0004,
    jumpChance: share(24) * 0.3,
    jumpSize: 0.005 + share(4) * 0.025,
    lot: 10 + Math.round(share(12) * 150),
  };
}
