/** Opens the ports of errands: nothing is connected, and no thread is started, before the first use. */
import type { EnginePorts, OwnEngines, Settings } from '#core/module.ts';
import { hostRules } from '../domain/settings.ts';
import type { errandsOptions } from '../options.ts';
import type { OwnPorts } from '../ports/ports.ts';

export async function openErrandsEngines(settings: Settings<typeof errandsOptions>, { clock }: EnginePorts): Promise<OwnEngines<OwnPorts>> {
  const [{ openFetch }, { openReader }] = await Promise.all([import('./fetch/http-fetch.ts'), import('./reader/threaded-reader.ts')]);
  const fetch = openFetch({ clock, rules: { allow: [...hostRules(settings).allowed] } });
  const reader = openReader({ clock });
  return {
    ports: { fetch, reader },
    migrations: [],
    async close() {
      await Promise.all([fetch.close(), reader.close()]);
    },
  };
}
