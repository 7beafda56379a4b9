/** What the house consists of: its modules and its own roles. No I/O. */
import { fileURLToPath } from 'node:url';
import type { Config } from '#config/options.ts';
import { eventMigrations } from '#core/events.ts';
import { auditorRole } from '#core/laws/auditor.ts';
import type { Law } from '#core/laws/law.ts';
import { verdictMigrations } from '#core/laws/verdicts.ts';
import { leaseMigrations } from '#core/lease.ts';
import type { Module, ModuleTopic } from '#core/module.ts';
import { outboxMigrations } from '#core/outbox.ts';
import { outboxLaws } from '#core/outbox-law.ts';
import type { Migration } from '#core/ports/state.ts';
import { presenceMigrations } from '#core/presence.ts';
import { relayRole } from '#core/relay.ts';
import type { Role } from '#core/role.ts';
import { webRole } from '#http/static-web.ts';
import type { Web } from '#http/types.ts';
import { withGroups } from './graph.ts';
import { placementOf } from './placement.ts';
import { settingsOf } from './settings.ts';

export interface Composition {
  readonly modules: readonly Module<Web>[];
  readonly roles: readonly Role<Web>[];
  readonly laws: readonly Law[];
  readonly topics: readonly ModuleTopic[];
  /** Accounts of the ledger that belong to modules. */
  readonly accounts: readonly string[];
  /** Without those of the engines, which depend on the engines chosen. */
  readonly migrations: readonly Migration[];
  /** The counters that are the pulse of the house. */
  readonly pulses: readonly { readonly name: string; readonly module: string; readonly metric: string }[];
}

const coreMigrations = [...leaseMigrations, ...verdictMigrations, ...presenceMigrations, ...eventMigrations, ...outboxMigrations];
/** What the markets sell goes to the tape through the outbox. */
const salesPulse = { name: 'sales', module: 'house', metric: 'kontor_relay_records_total' };
/** Of the built browser app. */
export const webFolder = fileURLToPath(new URL('../../web/dist', import.meta.url));

export function compose(config: Config, modules: readonly Module<Web>[]): Composition {
  const laws = [...outboxLaws, ...modules.flatMap((module) => module.laws(settingsOf(config, module)))];
  const roles: readonly Role<Web>[] = [
    ...modules.flatMap((module) => module.roles(settingsOf(config, module))),
    relayRole(),
    auditorRole({ laws, intervalMs: config.auditIntervalMs }),
    webRole({ folder: webFolder }),
  ];
  const placed = placementOf(modules).map(({ role }) => role);
  return {
    modules,
    roles: withGroups(roles, placed),
    laws,
    topics: modules.flatMap((module) => module.topics?.(settingsOf(config, module)) ?? []),
    accounts: modules.flatMap((module) => module.accounts ?? []),
    migrations: [...coreMigrations, ...modules.flatMap((module) => module.migrations)],
    pulses: [salesPulse, ...modules.flatMap(({ name: module, pulses = [] }) => pulses.map((pulse) => ({ ...pulse, module })))],
  };
}
