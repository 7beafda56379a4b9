/** What the role that shows the whole house is told of it. */
import type { Config } from '#config/options.ts';
import { schemeOf } from '#core/options/kinds.ts';
import type { EngineUsed, Plugs, WholeHouse } from '#core/plugs.ts';
import type { Composition } from './composition.ts';
import { isGroup } from './graph.ts';
import { withoutSecrets } from './settings.ts';
import { version } from './version.ts';

export function wholeHouse(config: Config, composition: Composition, wanted: readonly string[], plugs: Plugs): WholeHouse {
  return {
    version,
    form: config.clusterControl !== undefined ? 'cluster' : wanted.includes('all') ? 'one-process' : 'processes',
    auditEveryMs: config.auditIntervalMs,
    laws: composition.laws.length,
    roles: composition.roles
      .filter(({ name }) => !isGroup(name))
      .map(({ name, says, instances }) => ({ name, says, many: instances === 'many' })),
    engines: enginesOf(config),
    pulses: composition.pulses.map(({ name, module }) => ({ name, module })),
    readers: composition.topics.flatMap(({ name: topic, readers = [] }) => readers.map((group) => ({ topic, group }))),
    plugs,
  };
}

function enginesOf({ stateUrl, streamUrl, cacheUrl, lakeUrl, mailUrl }: Config): readonly EngineUsed[] {
  const addresses = { state: stateUrl, stream: streamUrl, cache: cacheUrl, lake: lakeUrl, mail: mailUrl } as const;
  return (Object.keys(addresses) as (keyof typeof addresses)[]).map((port) => ({
    port,
    engine: schemeOf(addresses[port]),
    where: withoutSecrets(addresses[port]),
  }));
}
