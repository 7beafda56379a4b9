/** `kontor flights explain FLIGHT`: why its prices are what they are, with the arithmetic. */
import type { Command } from '#core/command/command.ts';
import { KontorError } from '#core/errors.ts';
import type { Settings } from '#core/module.ts';
import type { PriceInputs } from '../api/prices/contracts.ts';
import { viewUnit } from '../domain/model.ts';
import type { flightsOptions } from '../options.ts';
import type { OwnPorts } from '../ports/ports.ts';
import { readChanges } from '../store/prices/history.ts';
import { readPruned } from '../store/prices/pruning.ts';
import { findFlight } from '../store/timetable/one-flight.ts';
import { momentIn, momentText } from './moments.ts';

export const explainCommand: Command<OwnPorts, Settings<typeof flightsOptions>> = {
  name: 'flights explain',
  usage: 'FLIGHT',
  says: 'Says why a flight costs what it costs.',
  details: 'FLIGHT is an id such as KO1234-20261201.',
  flags: [{ name: '--at', value: 'T', says: 'The price at this moment, such as 2026-12-01T06:40Z, instead of the current one.' }],
  operands: { min: 1, max: 1 },
  async run({ operands: [id = ''], flag, print, visit }) {
    const at = momentIn('--at', flag('--at'));
    await visit(async ({ state, clock }) => {
      const until = at ?? clock.now();
      const flight = await state.read((queries) => findFlight(queries, id));
      if (flight === undefined) throw new KontorError('not_found', `there is no flight ${id}`);
      for (const { cabin, price } of flight.fares) {
        const last = (await state.read((queries) => readChanges(queries, id, cabin, until))).at(-1);
        if (last === undefined) {
          const pruned = await state.read(readPruned);
          const [later] = await state.read((queries) => readChanges(queries, id, cabin, Number.MAX_SAFE_INTEGER));
          const why =
            pruned.prices === 0
              ? 'no run had changed it by then: it started at what the model gives while nobody looks and nothing is sold'
              : `no change of it is known by then, and those before ${momentText(pruned.before)} are not kept (FLIGHTS_PRICES_KEEP_DAYS)`;
          print(`${id} ${cabin}: ${later?.before ?? price} coins; ${why}`);
        } else {
          print(`${id} ${cabin}: ${last.price} coins since ${momentText(last.at)}`);
          for (const line of arithmetic(JSON.parse(last.inputs) as PriceInputs)) print(`  ${line}`);
        }
      }
    });
    return 0;
  },
};

const limits = {
  nothing: 'nothing limits it',
  floor: 'the floor limits it',
  ceiling: 'the ceiling limits it',
  run: 'a run changes a price by at most 5 %',
  day: 'a day changes a price by at most 15 %',
} as const;

function arithmetic(why: PriceInputs): readonly string[] {
  const visitors = (views: number) => (views / viewUnit).toFixed(1);
  const share = (millionths: number) => (millionths / 1_000_000).toFixed(3);
  return [
    `by ${why.model}, run ${why.runId.slice(0, 12)}, which looked at what happened before ${momentText(why.asOf)}`,
    `views   ${visitors(why.views)} visitors of three days, those of comparable flights ${visitors(why.usualViews)}`,
    `D       (${visitors(why.views)} − ${visitors(why.usualViews)}) / (${visitors(why.views)} + ${visitors(why.usualViews)} + 40) = ${share(why.demand)}`,
    `seats   ${why.sold} of ${why.seats} sold; usual at ${why.daysOut} days before departure are ${why.expectedSold}`,
    `S       (${why.sold} − ${why.expectedSold}) / ${why.seats} = ${share(why.sales)}`,
    `target  ${why.base} · exp(0.18 · ${share(why.demand)} + 0.45 · ${share(why.sales)}), from ${why.floor} to ${why.ceiling} = ${why.target}`,
    `price   ${why.before} → ${why.price}; the day before it was between ${why.dayLow} and ${why.dayHigh}; ${limits[why.limitedBy]}`,
  ];
}
