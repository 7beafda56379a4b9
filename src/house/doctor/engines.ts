/** What `kontor doctor` says of the engines that addresses name: whether they can be reached, and which version answers. */
import type { Config } from '#config/options.ts';
import { houseOptions } from '#config/options.ts';
import { schemeOf } from '#core/options/kinds.ts';
import type { OptionTable } from '#core/options/option.ts';
import { withinTime } from '#core/within-time.ts';
import { modules } from '../modules.ts';
import { realClock } from '../real-clock.ts';
import { type Probe, probes } from './engine-probes.ts';
import { type Finding, good, reasonOf, wrong } from './finding.ts';

const answerTimeoutMs = 8_000;

export async function engineFindings(config: Config): Promise<readonly Finding[]> {
  const named = engineAddresses(config);
  if (named.length === 0) return [good('engines', `embedded (SQLite ${process.versions.sqlite})`)];
  return Promise.all(named.map((one) => findingOf(one, config)));
}

interface Named {
  /** The option, such as `STATE_URL`. */
  readonly name: string;
  readonly url: string;
  readonly probe: Probe;
}

/** The addresses of servers: `memory`, `sqlite:…` and `folder:…` are part of this process. */
function engineAddresses(config: Config): readonly Named[] {
  const tables: readonly (readonly [OptionTable, Readonly<Record<string, unknown>>])[] = [
    [houseOptions, config as unknown as Readonly<Record<string, unknown>>],
    ...modules.map(({ name, options }) => [options as OptionTable, config.modules[name] ?? {}] as const),
  ];
  return tables.flatMap(([table, values]) =>
    Object.entries(table).flatMap(([key, { name }]) => {
      const url = values[key];
      if (typeof url !== 'string' || !name.endsWith('_URL')) return [];
      const probe = probes[schemeOf(url)];
      return probe === undefined ? [] : [{ name, url, probe }];
    }),
  );
}

async function findingOf({ name, url, probe }: Named, config: Config): Promise<Finding> {
  try {
    return good(name, await withinTime(realClock, answerTimeoutMs, probe(url, config)));
  } catch (error) {
    return wrong(
      name,
      `the engine does not answer: ${withoutSecrets(reasonOf(error), url)}`,
      `start it, or correct the address in ${name}`,
    );
  }
}

/** Some drivers repeat the address. */
function withoutSecrets(text: string, url: string): string {
  const password = /:\/\/[^:@/]*:([^@]+)@/.exec(url)?.[1];
  return password === undefined ? text : text.replaceAll(password, '***').replaceAll(decodeURIComponent(password), '***');
}
