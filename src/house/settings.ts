/** The settings of each module: the values of its options and what it may know about the house. */
import { isDemo } from '#config/demo.ts';
import type { Config } from '#config/options.ts';
import type { HouseSettings, Module, Settings } from '#core/module.ts';
import type { OptionTable } from '#core/options/option.ts';
import { isLoopback } from '#http/gate.ts';
import { modules } from './modules.ts';

/** The values were parsed by this module's option table, so they have its types. */
export function settingsOf<Table extends OptionTable>(config: Config, { name }: Pick<Module<unknown, Table>, 'name'>): Settings<Table> {
  return { ...config.modules[name], ...houseSettings(config) } as Settings<Table>;
}

function houseSettings(config: Config): HouseSettings {
  return {
    demo: isDemo(config),
    publicOrigin: publicOrigin(config),
    linksByRequest: !reachedFromElsewhere(config),
    ownHosts: ownHosts(config),
    lakeUrl: withoutSecrets(config.lakeUrl),
    moduleNames: Object.keys(config.modules),
    // Those whose things are paid in coins come before the coins.
    farewells: modules.flatMap(({ farewell }) => farewell ?? []).toReversed(),
    announce: (text) => process.stderr.write(`\n${text}\n\n`),
  };
}

/** An address for people to read: without names, passwords and parameters. */
export function withoutSecrets(address: string): string {
  return address.replace(/\/\/.*@/, '//').replace(/\?.*$/, '');
}

function publicOrigin(config: Config): string | undefined {
  const { publicUrl, allowedHosts } = config;
  if (publicUrl !== undefined) return publicUrl;
  const [first] = allowedHosts ?? [];
  return first === undefined || !reachedFromElsewhere(config) ? undefined : `https://${first}`;
}

function ownHosts({ host, port }: Config): readonly string[] {
  if (port === 0) return [];
  const names = isLoopback(host) ? new Set([host.includes(':') ? `[${host}]` : host, 'localhost']) : ['127.0.0.1', 'localhost'];
  return [...names].map((name) => `${name}:${port}`);
}

function reachedFromElsewhere({ host, trustedProxies }: Config): boolean {
  return !isLoopback(host) || trustedProxies !== undefined;
}

/** A warning for the start of the house when letters cannot have links. */
export function linksWarning(config: Config): string | undefined {
  if (!reachedFromElsewhere(config) || config.publicUrl !== undefined || config.allowedHosts !== undefined) return undefined;
  return 'letters have no links, because the house does not know how people reach it: set PUBLIC_URL or ALLOWED_HOSTS';
}
