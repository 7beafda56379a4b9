/**
 * Request keys: a request that is sent again with the same key and body gets its first answer, and another body under the
 * same key is a conflict. Keys are claimed in the transaction that does the work, many at once.
 */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { invariant, KontorError } from './errors.ts';
import type { Queries } from './ports/state.ts';
import { type RowColumns, rowsFrom } from './sql/rows.ts';

/** A table with one row a request; its name and its columns as its module has them. */
export interface RequestTable {
  readonly table: string;
  readonly columns?: {
    /** Null where one key is enough to name a request. */
    readonly scope: string | null;
    readonly key: string;
    readonly bodyHash: string;
    readonly answer: string;
    readonly at: string;
  };
}

interface RequestName {
  /** Who asks, such as an account; 1 to 100 printable ASCII characters, or left out where the table has no scope. */
  readonly scope?: string;
  /** New for each new request; 1 to 200 printable ASCII characters. */
  readonly key: string;
}

export interface KeyedRequest extends RequestName {
  readonly bodyHash: string;
  /** What is answered if the request is new, and to its repetitions: an id, or JSON. `setAnswers` can change it in the same transaction. */
  readonly answer: string;
}

export type Claim =
  /** It has to be done now. */
  | { readonly outcome: 'new'; readonly answer: string }
  /** It was done before, with this answer. */
  | { readonly outcome: 'repeated'; readonly answer: string }
  /** Its key was used for another body. */
  | { readonly outcome: 'conflict' };

export interface RequestKeys {
  /**
   * A claim for each request, in order. Of two with one key at the same moment, the second waits for the transaction of the
   * first; of two in one call, the first is new.
   */
  claim(queries: Queries, requests: readonly KeyedRequest[], now: number): Promise<readonly Claim[]>;
  /** For answers that are known only when the work is done. */
  setAnswers(queries: Queries, answered: readonly (RequestName & { readonly answer: string })[]): Promise<void>;
  /** The answer of a request that was done; undefined where none of this name was done, or it was pruned. */
  answerOf(queries: Queries, name: RequestName): Promise<string | undefined>;
  /** For requests that turned out to be refused: nothing was done, and their keys may be used again. */
  forget(queries: Queries, names: readonly RequestName[]): Promise<void>;
  /** Removes at most `limit` that were claimed before a time, the oldest first; resolves how many. */
  prune(queries: Queries, before: number, limit: number): Promise<number>;
}

const defaultColumns = { scope: 'scope', key: 'key', bodyHash: 'body_hash', answer: 'answer', at: 'at' } as const;
const scopePattern = /^[ -~]{1,100}$/;
const keyPattern = /^[ -~]{1,200}$/;

export function hashOfBody(body: string | Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

export function requestKeys(table: RequestTable): RequestKeys {
  const statements = statementsFor(table);
  return {
    async claim(queries, requests, now) {
      for (const request of requests) checkName(table, request);
      const firsts = firstOfEachName(requests);
      // In the order of their names, so that two transactions never wait for each other.
      const rows = [...firsts]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([, { scope = '', key, bodyHash, answer }]) => ({ scope, key, body_hash: bodyHash, answer, at: now }));
      const inserted = await statements.insert(queries, rows);
      const fresh = new Set(inserted.map(nameOf));
      const others = rows.filter((row) => !fresh.has(nameOf(row)));
      const earlier = new Map((others.length > 0 ? await statements.find(queries, others) : []).map((row) => [nameOf(row), row]));
      return requests.map((request): Claim => {
        const name = nameOf(request);
        const first = firsts.get(name);
        if (first === request && fresh.has(name)) return { outcome: 'new', answer: request.answer };
        const stored = fresh.has(name) ? first && { body_hash: first.bodyHash, answer: first.answer } : earlier.get(name);
        // It was there a moment ago: what prunes old keys, or a refusal, has removed it since.
        if (stored === undefined) throw new KontorError('unavailable', 'The request is being forgotten: try again.');
        return stored.body_hash === request.bodyHash ? { outcome: 'repeated', answer: stored.answer } : { outcome: 'conflict' };
      });
    },
    async setAnswers(queries, answered) {
      const rows = answered.map(({ scope = '', key, answer }) => ({ scope, key, answer }));
      if (rows.length > 0) await statements.setAnswers(queries, rows);
    },
    async answerOf(queries, { scope = '', key }) {
      return (await statements.find(queries, [{ scope, key }]))[0]?.answer;
    },
    async forget(queries, names) {
      const rows = names.map(({ scope = '', key }) => ({ scope, key }));
      if (rows.length > 0) await statements.remove(queries, rows);
    },
    prune: (queries, before, limit) => statements.prune(queries, before, limit),
  };
}

/** The id of what one request made, for lists that are asked for its key alone: empty where it made nothing, undefined without a key. */
export async function madeBy(keys: RequestKeys, queries: Queries, scope: string, key: string | undefined): Promise<string | undefined> {
  return key === undefined ? undefined : ((await keys.answerOf(queries, { scope, key })) ?? '');
}

/** A table of the default columns, for a module's migration. */
export async function createRequestTable(queries: Queries, table: string): Promise<void> {
  await queries.schema
    .createTable(table)
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('body_hash', 'text', (column) => column.notNull())
    .addColumn('answer', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint(`${table}_name`, ['scope', 'key'])
    .execute();
  await queries.schema.createIndex(`${table}_by_age`).on(table).column('at').execute();
}

function checkName({ table, columns = defaultColumns }: RequestTable, { scope, key }: RequestName): void {
  if (columns.scope === null) invariant(scope === undefined, `requests in ${table} have no scope`);
  else invariant(scopePattern.test(scope ?? ''), `a request's scope has 1 to 100 printable ASCII characters: "${scope}"`);
  invariant(keyPattern.test(key), `a request's key has 1 to 200 printable ASCII characters: "${key}"`);
}

/** As a key of a map. */
function nameOf({ scope = '', key }: RequestName): string {
  return `${scope}\n${key}`;
}

function firstOfEachName(requests: readonly KeyedRequest[]): ReadonlyMap<string, KeyedRequest> {
  const firsts = new Map<string, KeyedRequest>();
  for (const request of requests) if (!firsts.has(nameOf(request))) firsts.set(nameOf(request), request);
  return firsts;
}

type NameRow = { readonly scope: string; readonly key: string };
type StoredRow = NameRow & { readonly body_hash: string; readonly answer: string };

/** Rows come and go by the default names of their columns, whatever they are called in the table. */
function statementsFor({ table: tableName, columns = defaultColumns }: RequestTable) {
  const table = sql.table(tableName);
  const own = (name: string) => sql.ref(`${tableName}.${name}`);
  const scope = columns.scope === null ? sql`''` : own(columns.scope);
  const [key, bodyHash, answer] = [own(columns.key), own(columns.bodyHash), own(columns.answer)];
  const at = sql.ref(columns.at);
  const names = columns.scope === null ? [columns.key] : [columns.scope, columns.key];
  const nameList = sql.join(names.map((name) => sql.ref(name)));
  const allList = sql.join([...names, columns.bodyHash, columns.answer, columns.at].map((name) => sql.ref(name)));
  const nameTypes: RowColumns = columns.scope === null ? { key: 'text' } : { scope: 'text', key: 'text' };
  const answerTypes: RowColumns = { ...nameTypes, answer: 'text' };
  const allTypes: RowColumns = { ...nameTypes, body_hash: 'text', answer: 'text', at: 'bigint' };
  const isWanted = columns.scope === null ? sql`${key} = wanted.key` : sql`${scope} = wanted.scope and ${key} = wanted.key`;

  return {
    async insert(queries: Queries, rows: readonly (StoredRow & { readonly at: number })[]): Promise<readonly NameRow[]> {
      const inserting = sql<NameRow>`insert into ${table} (${allList}) ${rowsFrom(queries, allTypes, rows)}
        on conflict (${nameList}) do nothing returning ${scope} as scope, ${key} as key`;
      return (await inserting.execute(queries)).rows;
    },
    async find(queries: Queries, rows: readonly NameRow[]): Promise<readonly StoredRow[]> {
      const finding = sql<StoredRow>`select ${scope} as scope, ${key} as key, ${bodyHash} as body_hash, ${answer} as answer
        from (${rowsFrom(queries, nameTypes, rows)}) as wanted join ${table} on ${isWanted}`;
      return (await finding.execute(queries)).rows;
    },
    async setAnswers(queries: Queries, rows: readonly (NameRow & { readonly answer: string })[]): Promise<void> {
      await sql`update ${table} set ${sql.ref(columns.answer)} = wanted.answer
        from (${rowsFrom(queries, answerTypes, rows)}) as wanted where ${isWanted}`.execute(queries);
    },
    async remove(queries: Queries, rows: readonly NameRow[]): Promise<void> {
      await sql`delete from ${table} where (${nameList}) in (${rowsFrom(queries, nameTypes, rows)})`.execute(queries);
    },
    async prune(queries: Queries, before: number, limit: number): Promise<number> {
      const { numAffectedRows } = await sql`delete from ${table} where (${nameList}) in
        (select ${nameList} from ${table} where ${at} < ${before} order by ${at} limit ${limit})`.execute(queries);
      return Number(numAffectedRows ?? 0);
    },
  };
}
