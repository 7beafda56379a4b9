/** flights-2: prices keep their bounds, each change says what gave it, and follows the one before. */
import { sql } from 'kysely';
import { type Law, maxViolations } from '#core/laws/law.ts';
import type { PriceInputs } from '../../api/prices/contracts.ts';
import { modelName, priceOf } from '../../domain/model.ts';
import { timetable } from '../timetable/tables.ts';
import { type PriceTables, priceTables } from './tables.ts';

const recentChanges = 2_000;
const page = 5_000;

export const pricesLaw: Law = {
  id: 'flights-2',
  says: 'Every price of a flight has floor ≤ price ≤ ceiling; every change has the inputs that gave it, and begins where the one before ended.',
  enforcedBy: 'constraints of the fare, and the pricer, which stores a change with its inputs in the transaction that makes it',
  async check({ state }, scope) {
    const violations: string[] = [];
    const fares = await state.read((queries) =>
      timetable(queries)
        .selectFrom('flights_fare')
        .select(['flight_id', 'cabin', 'floor', 'price', 'ceiling'])
        .where(sql<boolean>`not (price between floor and ceiling)`)
        .limit(maxViolations)
        .execute(),
    );
    for (const { flight_id, cabin, floor, price, ceiling } of fares)
      violations.push(`${flight_id} ${cabin} costs ${price}, outside ${floor} to ${ceiling}`);
    let checked = 0;
    let before: { readonly row: PriceTables['flights_price']; readonly inputs: PriceInputs } | undefined;
    for (let after = { flight_id: '', cabin: '', at: 0 }; ; ) {
      const rows = await state.read((queries) => {
        const prices = priceTables(queries).selectFrom('flights_price').selectAll();
        if (scope === 'recent') return prices.orderBy('at', 'desc').limit(recentChanges).execute();
        return prices
          .where(sql<boolean>`(flight_id, cabin, "at") > (${after.flight_id}, ${after.cabin}, ${after.at})`)
          .orderBy('flight_id')
          .orderBy('cabin')
          .orderBy('at')
          .limit(page)
          .execute();
      });
      rows.sort((a, b) =>
        a.flight_id < b.flight_id ? -1 : a.flight_id > b.flight_id ? 1 : a.cabin < b.cabin ? -1 : a.cabin > b.cabin ? 1 : a.at - b.at,
      );
      for (const row of rows) {
        checked += 1;
        const inputs = JSON.parse(row.inputs) as PriceInputs;
        const wrong = wrongIn(row, inputs) ?? brokenChain(before, row, inputs, scope === 'all');
        if (wrong !== undefined && violations.length < maxViolations)
          violations.push(`${row.flight_id} ${row.cabin} at ${row.at}: ${wrong}`);
        before = { row, inputs };
      }
      const last = rows.at(-1);
      if (scope === 'recent' || rows.length < page || last === undefined) break;
      after = last;
    }
    return { checked: `${checked} changes of prices`, violations };
  },
};

function wrongIn(row: PriceTables['flights_price'], inputs: PriceInputs): string | undefined {
  if (inputs.runId !== row.run_id) return 'its inputs are those of another run';
  if (inputs.before !== row.before || inputs.price !== row.price)
    return `it is ${row.before} → ${row.price}, its inputs say ${inputs.before} → ${inputs.price}`;
  if (row.price < inputs.floor || row.price > inputs.ceiling) return `${row.price} is outside ${inputs.floor} to ${inputs.ceiling}`;
  if (inputs.model !== modelName) return undefined;
  const departsAt = inputs.asOf + inputs.daysOut * 86_400_000;
  const { price } = priceOf({ ...inputs, departsAt }, inputs, inputs.asOf);
  return price === row.price ? undefined : `its inputs give ${price}, not ${row.price}`;
}

/** Where a clerk changed the fares in between, a price begins anew. */
function brokenChain(
  before: { readonly row: PriceTables['flights_price']; readonly inputs: PriceInputs } | undefined,
  row: PriceTables['flights_price'],
  inputs: PriceInputs,
  whole: boolean,
): string | undefined {
  if (!whole || before === undefined || before.row.flight_id !== row.flight_id || before.row.cabin !== row.cabin) return undefined;
  if (before.inputs.base !== inputs.base || before.row.price === row.before) return undefined;
  return `it begins at ${row.before}, the change before ended at ${before.row.price}`;
}
