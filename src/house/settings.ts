/** What each module is told: the values of its own options, and what it may know of the house around it. */
import { isDemo } from '#config/demo.ts';
import type { Config } from '#config/options.ts';
import type { HouseSettings, Module, Settings } from '#core/module.ts';
import type { OptionTable } from '#core/options/option.ts';
import { isLoopback } from '#http/gate.ts';

/** The values were read by this module's own table, so they have its types. */
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

/** On a loopback address, a request's host is checked to be a name of ours; elsewhere it may be anybody's, and no link may begin with it. */
function publicOrigin({ publicUrl, host, port, allowedHosts }: Config): string | undefined {
  if (publicUrl !== undefined) return publicUrl;
  if (isLoopback(host)) return undefined;
  return allowedHosts?.[0] === undefined ? `http://localhost:${port}` : `https://${allowedHosts[0]}`;
}
