/** Everything that the house is made of, put together from its markets and its own roles. No I/O. */
import { fileURLToPath } from 'node:url';
import type { Config } from '#config/options.ts';
import { coinsLaws } from '#modules/coins/laws.ts';
import { coinsMigrations } from '#modules/coins/store/tables.ts';
import { auditorRole } from '#core/laws/auditor.ts';
import type { Law } from '#core/laws/law.ts';
import { verdictMigrations } from '#core/laws/verdicts.ts';
import { leaseMigrations } from '#core/lease.ts';
import type { Market } from '#core/market.ts';
import { outboxMigrations } from '#core/outbox.ts';
import { outboxLaws } from '#core/outbox-law.ts';
import { peopleMigrations } from '#modules/people/store/tables.ts';
import type { Migration } from '#core/ports/state.ts';
import type { Topic } from '#core/ports/stream.ts';
import { relayRole } from '#core/relay.ts';
import type { Role } from '#core/role.ts';
import { coinsRole } from '#modules/coins/roles/coins.ts';
import { peopleRole } from '#modules/people/roles/people.ts';
import { webRole } from '#http/static-web.ts';
import type { Web } from '#http/types.ts';
import { withEveryRole } from './graph.ts';
import { peopleOptions } from './people-options.ts';

export interface Composition {
  readonly roles: readonly Role<Web>[];
  readonly laws: readonly Law[];
  readonly topics: readonly Topic[];
  /** Without those of the engines, which depend on the engines chosen. */
  readonly migrations: readonly Migration[];
}

const webFolder = fileURLToPath(new URL('../../web/dist', import.meta.url));

export function compose(config: Config, markets: readonly Market<Web>[]): Composition {
  const laws = [...coinsLaws, ...outboxLaws, ...markets.flatMap((market) => market.laws)];
  return {
    roles: withEveryRole<Web>([
      ...markets.flatMap((market) => market.roles),
      peopleRole(peopleOptions(config)),
      coinsRole({ faucetCoins: config.coinsFaucetPerDay }),
      relayRole(),
      auditorRole({ laws, intervalMs: config.auditIntervalMs }),
      webRole({ folder: webFolder }),
    ]),
    laws,
    topics: markets.flatMap((market) => market.topics),
    migrations: [
      ...leaseMigrations,
      ...verdictMigrations,
      ...outboxMigrations,
      ...peopleMigrations,
      ...coinsMigrations,
      ...markets.flatMap((market) => market.migrations),
    ],
  };
}
