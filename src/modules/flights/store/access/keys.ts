/** Secrets that all instances share, sealed in the books: the first that asks makes them. */
import type { Ports } from '#core/ports/ports.ts';
import { placeOf, type SealedColumn } from '#core/ports/secrets.ts';
import { accessTables } from './tables.ts';

export const flightsKeys: SealedColumn = { table: 'flights_key', key: 'name', column: 'value' };

type KeyPorts = Pick<Ports, 'state' | 'random' | 'secrets'>;

/** `visitor_cookie` signs the cookies of visitors; `access_hash` hides who they are in the log of accesses. */
type KeyName = 'visitor_cookie' | 'access_hash';

export async function sharedKey({ state, random, secrets }: KeyPorts, name: KeyName): Promise<string> {
  const seal = await secrets.unlock();
  const place = placeOf(flightsKeys, name);
  const stored = await state.write(async (queries) => {
    const tables = accessTables(queries);
    await tables
      .insertInto('flights_key')
      .values({ name, value: seal.seal(place, random.id() + random.id()) })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
    return (await tables.selectFrom('flights_key').select('value').where('name', '=', name).executeTakeFirstOrThrow()).value;
  });
  return seal.open(place, stored);
}
