/** Secrets with the keys of SECRETS_KEY, or with those of a file that the house makes for itself. */
import { sql } from 'kysely';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Seal, SealedColumn, Secrets } from '#core/ports/secrets.ts';
import type { Migration, Queries, State } from '#core/ports/state.ts';
import { findKeyFile, isInside, type KeyPlace, makeKeyFile, newKey, othersMayRead, readKeys, replaceKeys, stampOf } from './key-file.ts';
import { KeyRing } from './key-ring.ts';
import { resealColumn } from './reseal.ts';

export interface SecretsOptions extends KeyPlace {
  /** SECRETS_KEY: the newest first; undefined where a file holds them. */
  readonly keys: readonly string[] | undefined;
  /** Refuse to make a key file: for commands that look at a house. */
  readonly mustExist: boolean;
  /** Everything that is sealed in the books. */
  readonly columns: readonly SealedColumn[];
  readonly state: State;
  readonly clock: Clock;
  readonly log: Log;
}

type SecretsTables = { secrets_key: { id: string; since: number } };

/** The most keys that are read from the books: older ones are of no use. */
const maxKnownKeys = 100;

export const secretsMigrations: readonly Migration[] = [
  {
    id: 'secrets-001-key',
    async up(queries) {
      await queries.schema
        .createTable('secrets_key')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('since', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
];

export function openSecrets(options: SecretsOptions): Secrets {
  let unlocked: Promise<Seal> | undefined;
  return {
    unlock() {
      unlocked ??= unlock(options).catch((error: unknown) => {
        unlocked = undefined;
        throw error;
      });
      return unlocked;
    },
    rotate: () => rotate(options),
  };
}

async function unlock(options: SecretsOptions): Promise<Seal> {
  const file = options.keys === undefined ? keyFile(options) : undefined;
  const keys = new Keys(options.keys ?? [], file);
  await agreeWithBooks(options, keys.ring());
  if (file !== undefined) warnOfPlace(options, file);
  const seal = sealWith(() => keys.ring());
  await sealColumns(options, seal, undefined);
  return seal;
}

async function rotate(options: SecretsOptions): Promise<number> {
  const file = options.keys === undefined ? keyFile(options) : undefined;
  const present = options.keys ?? readKeys(file ?? '');
  await agreeWithBooks(options, new KeyRing(present));
  const keys = file === undefined ? present : [newKey(), ...present];
  // The new key is in the file before anything is sealed with it.
  if (file !== undefined) replaceKeys(file, keys);
  const ring = new KeyRing(keys);
  await options.state.write((queries) => addKnown(queries, ring.ids[0] ?? '', options.clock.now()));
  const count = await sealColumns(
    options,
    sealWith(() => ring),
    ring.ids[0],
  );
  // The last but one stays: a process may have sealed with it a moment ago.
  const kept = file === undefined ? keys : keys.slice(0, 2);
  if (file !== undefined) replaceKeys(file, kept);
  await options.state.write((queries) => keepKnown(queries, new KeyRing(kept).ids));
  return count;
}

/** The keys of this process; those of a file are read again when the file has changed. */
class Keys {
  readonly #file: string | undefined;
  #stamp = '';
  #ring: KeyRing;

  constructor(texts: readonly string[], file: string | undefined) {
    this.#file = file;
    this.#ring = new KeyRing(texts);
    this.ring();
  }

  ring(): KeyRing {
    if (this.#file === undefined) return this.#ring;
    const stamp = stampOf(this.#file);
    if (stamp !== this.#stamp) {
      this.#ring = new KeyRing(readKeys(this.#file));
      this.#stamp = stamp;
    }
    return this.#ring;
  }
}

export function sealWith(ring: () => KeyRing): Seal {
  return {
    seal: (place, secret) => ring().seal(place, secret),
    open(place, sealed) {
      const opened = ring().open(place, sealed);
      if (opened === undefined) throw otherKey(`the secret of ${place} was sealed with`, ring());
      return opened;
    },
    sign: (purpose, text) => ring().sign(purpose, text),
    signed: (purpose, text, signature) => ring().signed(purpose, text, signature),
  };
}

/** The first process writes down its key; every other must have it, so that nothing is sealed that the others cannot open. */
async function agreeWithBooks({ state, clock }: SecretsOptions, ring: KeyRing): Promise<void> {
  const [first = ''] = ring.ids;
  const known = await state.read(knownKeys);
  if (known[0] === first) return;
  const agreed = await state.write(async (queries) => {
    const [newest] = await knownKeys(queries);
    if (newest !== undefined && !ring.ids.includes(newest)) return false;
    // After a change of SECRETS_KEY, the first key is new, or an older one again.
    await addKnown(queries, first, clock.now());
    return true;
  });
  if (!agreed) throw otherKey('the books are sealed with', ring);
}

function otherKey(what: string, { ids }: KeyRing): KontorError {
  const message = `${what} another key than this process has (${ids.join(', ')}): give all processes of the house the same SECRETS_KEY, or the same SECRETS_FILE`;
  return new KontorError('invalid_option', message, { details: [{ field: 'SECRETS_KEY', message }] });
}

/** The newest first. */
async function knownKeys(queries: Queries): Promise<readonly string[]> {
  const rows = await queries
    .withTables<SecretsTables>()
    .selectFrom('secrets_key')
    .select('id')
    .orderBy('since', 'desc')
    .orderBy('id')
    .limit(maxKnownKeys)
    .execute();
  return rows.map(({ id }) => id);
}

/** As the newest, whatever the clock says. */
async function addKnown(queries: Queries, id: string, now: number): Promise<void> {
  const tables = queries.withTables<SecretsTables>();
  const { latest } = await tables
    .selectFrom('secrets_key')
    .select(sql<number>`coalesce(max(since), 0)`.as('latest'))
    .executeTakeFirstOrThrow();
  const since = Math.max(now, latest + 1);
  await tables
    .insertInto('secrets_key')
    .values({ id, since })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ since }))
    .execute();
}

async function keepKnown(queries: Queries, ids: readonly string[]): Promise<void> {
  await queries.withTables<SecretsTables>().deleteFrom('secrets_key').where('id', 'not in', ids).execute();
}

/** What is in clear; with the id of a key, all that it did not seal. */
async function sealColumns({ columns, state }: SecretsOptions, seal: Seal, keyId: string | undefined): Promise<number> {
  let count = 0;
  for (const column of columns) count += await resealColumn(state, seal, column, keyId);
  return count;
}

function keyFile(options: SecretsOptions): string {
  const found = findKeyFile(options);
  if (found !== undefined) return found;
  if (options.mustExist)
    throw new KontorError(
      'not_found',
      'the key that opens secrets is missing: set SECRETS_KEY, or SECRETS_FILE to where it is; the house makes one at its first start',
    );
  const made = makeKeyFile(options);
  options.log.info({ file: made }, 'made the key that seals secrets: keep a copy apart from copies of the books');
  return made;
}

function warnOfPlace({ dataDir, log }: SecretsOptions, file: string): void {
  if (isInside(file, dataDir))
    log.warn(
      { file },
      'the key that seals secrets lies beside the books: anyone who copies the data folder has both. Set SECRETS_KEY, or SECRETS_FILE to a path elsewhere',
    );
  if (othersMayRead(file)) log.warn({ file }, `others may read the key that seals secrets: chmod 600 ${file}`);
}
