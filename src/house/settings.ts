/** The settings of each module: the values of its options and what it may know about the house. */
import { isDemo } from '#config/demo.ts';
import type { Config } from '#config/options.ts';
import type { HouseSettings, Module, Settings } from '#core/module.ts';
import type { OptionTable } from '#core/options/option.ts';
import { isLoopback } from '#http/gate.ts';

/** The values were parsed by this module's option table, so they have its types. */
export function settingsOf<Table extends OptionTable>(config: Config, { name }: Pick<Module<unknown, Table>, 'name'>): Settings<Table> {
  return { ...config.modules[name], ...houseSettings(config) } as Settings<Table>;
}

function houseSettings(config: Config): HouseSettings {
  return {
    demo: isDemo(config),
    publicOrigin: publicOrigin(config),
    moduleNames: Object.keys(config.modules),
    announce: (text) => process.stderr.write(`\n${text}\n\n`),
  };
}

/** On a loopback address without a proxy, the server checks that a request's host is its own. Elsewhere a client could send any host, so links must not use it. */
function publicOrigin(config: Config): string | undefined {
  const { publicUrl, port, allowedHosts } = config;
  if (publicUrl !== undefined) return publicUrl;
  if (!reachedFromElsewhere(config)) return undefined;
  return allowedHosts?.[0] === undefined ? `http://localhost:${port}` : `https://${allowedHosts[0]}`;
}

function reachedFromElsewhere({ host, trustedProxies }: Config): boolean {
  return !isLoopback(host) || trustedProxies !== undefined;
}

/** A warning for the start of the house when links in letters would not work. */
export function linksWarning(config: Config): string | undefined {
  if (!reachedFromElsewhere(config) || config.publicUrl !== undefined || config.allowedHosts !== undefined) return undefined;
  return `links in letters begin with ${publicOrigin(config)}, which others cannot open: set PUBLIC_URL or ALLOWED_HOSTS`;
}
