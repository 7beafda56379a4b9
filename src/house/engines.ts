/** Which engine serves which port: chosen by address. An engine's code is loaded only when it is chosen. */

import type { Config } from '#config/options.ts';
import { invariant, KontorError } from '#core/errors.ts';
import type { ModuleTopic } from '#core/module.ts';
import { schemeOf } from '#core/options/kinds.ts';
import type { Cache } from '#core/ports/cache.ts';
import type { Lake } from '#core/ports/lake.ts';
import type { Mail } from '#core/ports/mail.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Secrets } from '#core/ports/secrets.ts';
import type { Migration, State } from '#core/ports/state.ts';
import type { Stream } from '#core/ports/stream.ts';
import type { Composition } from './composition.ts';
import { type Cord, stateOfCaller } from './cord.ts';
import { expectFile, prepareFolderOf } from './data-folder.ts';
import { openLake } from './open-lake.ts';
import { settingsOf } from './settings.ts';
import { streamByTopic } from './stream-by-topic.ts';

export type Basics = Pick<Ports, 'clock' | 'holder' | 'random' | 'log'>;

export interface Engines {
  readonly state: State;
  readonly stream: Stream;
  readonly cache: Cache;
  readonly lake: Lake;
  readonly mail: Mail;
  readonly secrets: Secrets;
  /** What the chosen engines keep in the State themselves. */
  readonly migrations: readonly Migration[];
  close(): Promise<void>;
}

export interface OpenRules {
  /** Refuse to make files that are not there: for commands that look at a house. */
  readonly mustExist: boolean;
  /** Through which all that is opened reaches the State and the stream. */
  readonly cord?: Cord | undefined;
}

const maxCacheEntries = 10_000;

/** Opens the ports of the house and those of its modules. Modules find theirs by name. */
export async function openEngines(
  config: Config,
  { modules, topics }: Pick<Composition, 'modules' | 'topics'>,
  basics: Basics,
  rules: OpenRules,
): Promise<Engines> {
  const opened: { close(): Promise<void> }[] = [];
  const keep = <Engine extends { close(): Promise<void> }>(engine: Engine): Engine => {
    opened.push(engine);
    return engine;
  };
  /** Closes all of them in reverse order, even when one fails. */
  async function close(): Promise<void> {
    const failures: unknown[] = [];
    for (const engine of opened.splice(0).reverse()) await engine.close().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
  try {
    const ownState = keep(await openState(config, basics, rules));
    const ownStream = keep(await openStream(config, topics, basics, rules));
    const state = rules.cord?.state(ownState) ?? ownState;
    const stream = rules.cord?.stream(ownStream) ?? ownStream;
    const cache = keep(await openCache(config, basics));
    const lake = keep(openLake(config, basics));
    const { mail, migrations: mailMigrations } = await openMail(config, state, basics);
    const { secretsMigrations, openSecrets } = await import('#engines/secrets/secrets.ts');
    const secrets = openSecrets({
      keys: config.secretsKey,
      file: config.secretsFile,
      dataDir: config.dataDir,
      mustExist: rules.mustExist,
      columns: modules.flatMap((module) => module.sealed ?? []),
      ...basics,
      state,
    });
    const ports = { state, stream, cache, lake, mail, secrets };
    const migrations: Migration[] = [...mailMigrations, ...secretsMigrations];
    for (const module of modules) {
      const own = await module.openEngines?.(settingsOf(config, module), { ...basics, state: stateOfCaller(state) });
      if (own === undefined) continue;
      keep(own);
      const taken = Object.keys(own.ports).find((name) => Object.hasOwn(ports, name));
      invariant(taken === undefined, `the module ${module.name} brings a port ${taken}, which is there already`);
      Object.assign(ports, own.ports);
      migrations.push(...own.migrations);
    }
    return { ...ports, migrations, close };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}

export async function openState({ stateUrl }: Config, { clock, random, log }: Basics, rules: OpenRules): Promise<State> {
  switch (schemeOf(stateUrl)) {
    case 'sqlite': {
      const path = await sqliteFile(stateUrl, rules);
      const { openSqliteState } = await import('#engines/state/sqlite.ts');
      return openSqliteState({ path, clock, log });
    }
    case 'postgres':
    case 'postgresql': {
      const { openPostgresState } = await import('#engines/state/postgres.ts');
      return openPostgresState({ url: stateUrl, clock, random, log });
    }
    default:
      throw unsupported('STATE_URL', stateUrl);
  }
}

/** One stream for all topics except those with their own address. */
async function openStream({ streamUrl }: Config, topics: readonly ModuleTopic[], basics: Basics, rules: OpenRules): Promise<Stream> {
  const others = await openStreamAt('STREAM_URL', streamUrl, basics, rules);
  const byTopic: Record<string, Stream> = {};
  try {
    for (const { name, streamUrl: own } of topics) {
      if (own !== undefined && own !== streamUrl)
        byTopic[name] = await openStreamAt(`STREAM_${name.toUpperCase()}_URL`, own, basics, rules);
    }
    return streamByTopic(others, byTopic);
  } catch (error) {
    for (const stream of [others, ...Object.values(byTopic)]) await stream.close().catch(() => {});
    throw error;
  }
}

async function openStreamAt(option: string, address: string, { clock, random, holder, log }: Basics, rules: OpenRules): Promise<Stream> {
  switch (schemeOf(address)) {
    case 'sqlite': {
      const path = await sqliteFile(address, rules);
      const { openSqliteStream } = await import('#engines/stream/sqlite.ts');
      return openSqliteStream({ path, clock, holder, log });
    }
    case 'postgres':
    case 'postgresql': {
      const { openPostgresStream } = await import('#engines/stream/postgres.ts');
      return openPostgresStream({ url: address, clock, random, holder, log });
    }
    case 'amqp':
    case 'amqps': {
      const { openRabbitmqStream } = await import('#engines/stream/rabbitmq.ts');
      return openRabbitmqStream({ url: address, clock, random, holder, log });
    }
    case 'kafka':
    case 'kafkas': {
      const { openKafkaStream } = await import('#engines/stream/kafka.ts');
      return openKafkaStream({ url: address, clock, holder, log });
    }
    default:
      throw unsupported(option, address);
  }
}

async function openCache({ cacheUrl }: Config, { clock, random, log }: Basics): Promise<Cache> {
  switch (schemeOf(cacheUrl)) {
    case 'memory': {
      const { openMemoryCache } = await import('#engines/cache/memory.ts');
      return openMemoryCache({ maxEntries: maxCacheEntries, clock });
    }
    case 'memcached': {
      const { openMemcachedCache } = await import('#engines/cache/memcached.ts');
      return openMemcachedCache({ url: cacheUrl, clock, random, log });
    }
    case 'redis':
    case 'rediss': {
      const { openRedisCache } = await import('#engines/cache/redis.ts');
      return openRedisCache({ url: cacheUrl, clock, random, log });
    }
    default:
      throw unsupported('CACHE_URL', cacheUrl);
  }
}

async function openMail(
  { mailUrl, mailFrom }: Config,
  state: State,
  { clock, random, log }: Basics,
): Promise<{ mail: Mail; migrations: readonly Migration[] }> {
  const { mailMigrations } = await import('#engines/mail/letters-table.ts');
  switch (schemeOf(mailUrl)) {
    case 'outbox': {
      const { openOutboxMail } = await import('#engines/mail/outbox.ts');
      return { mail: openOutboxMail({ clock, random }), migrations: mailMigrations };
    }
    case 'smtp':
    case 'smtps': {
      const { openSmtpMail } = await import('#engines/mail/smtp.ts');
      return { mail: openSmtpMail({ url: mailUrl, from: mailFrom, state, clock, random, log }), migrations: mailMigrations };
    }
    default:
      throw unsupported('MAIL_URL', mailUrl);
  }
}

async function sqliteFile(address: string, { mustExist }: OpenRules): Promise<string> {
  // `sqlite:path`, and `sqlite:///absolute/path` as other programs write it.
  const path = address.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
  if (mustExist) await expectFile(path);
  else await prepareFolderOf(path);
  return path;
}

/** The option accepts only known schemes, so this one was added there and is missing here. */
function unsupported(option: string, address: string): KontorError {
  return new KontorError('invalid_option', `${option}: there is no engine for ${schemeOf(address)}: addresses`, {
    details: [{ field: option, message: 'unsupported' }],
  });
}
