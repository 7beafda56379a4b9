/** `kontor flights import FILE.csv`: adds and changes services, all of a file or none of it. */
import { open } from 'node:fs/promises';
import type { Call, Command } from '#core/command/command.ts';
import { KontorError } from '#core/errors.ts';
import type { Settings } from '#core/module.ts';
import { worldAirports } from '../airports/airports.ts';
import { maxServices, ServicesReader, serviceColumns } from '../domain/services-csv.ts';
import { dateOf } from '../domain/time-zones.ts';
import type { FlightService } from '../domain/timetable.ts';
import type { flightsOptions } from '../options.ts';
import { changedServices, replaceServices } from '../store/timetable/services.ts';
import { findNumber } from '../store/timetable/settings.ts';
import { horizonOf, rollOn } from '../store/timetable/upkeep.ts';

type ImportCall = Call<object, Settings<typeof flightsOptions>>;

export const flightsImportCommand: Command<object, Settings<typeof flightsOptions>> = {
  name: 'flights import',
  usage: 'FILE.csv',
  says: 'Adds flight numbers to the timetable, and changes those that are there.',
  details: [
    `The header names the columns: ${serviceColumns.join(', ')}.`,
    'departs is a local time such as 06:40, weekdays are such as 12345 with 1 for Monday, business and last_day may be empty.',
    `A file has at most ${maxServices} rows. It is checked first, and nothing is stored if a row is bad. Flights that have tickets keep`,
    'their times. It works beside a running house. Run again, it changes nothing.',
  ].join('\n'),
  flags: [{ name: '--dry-run', says: 'Only check the file.' }],
  operands: { min: 1, max: 1 },
  async run(call) {
    const [path = ''] = call.operands;
    const line = call.progress();
    try {
      const services = await servicesIn(path, (rows) => line.show(() => `checking, ${rows} rows`));
      if (call.flag('--dry-run') !== undefined) {
        line.clear();
        call.print(`the file is good: ${counted(services.length)}; nothing was stored`);
        return 0;
      }
      const said = await stored(call, services, (day) => line.show(() => `making flights, ${dateOf(day)}`));
      line.clear();
      call.print(said);
      return 0;
    } catch (error) {
      line.clear();
      if (error instanceof KontorError && error.code === 'invalid_input')
        for (const { field, message } of error.details) call.note(`${field}: ${message}`);
      throw error;
    }
  },
};

async function servicesIn(path: string, report: (rows: number) => void): Promise<readonly FlightService[]> {
  const reader = new ServicesReader(worldAirports());
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new KontorError('invalid_input', `${path} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`);
  });
  try {
    for await (const piece of file.createReadStream()) {
      reader.add(piece);
      report(reader.rows);
    }
  } finally {
    await file.close();
  }
  return reader.end();
}

async function stored(call: ImportCall, services: readonly FlightService[], report: (day: number) => void): Promise<string> {
  return call.prepare(async ({ state, clock }) => {
    const now = clock.now();
    const changed = await state.write(async (queries) => {
      const missing = await changedServices(queries, services);
      if (missing.length > 0) await replaceServices(queries, missing, now);
      return missing.length;
    });
    if (changed === 0) return `nothing to change: ${counted(services.length)} are in the timetable as the file has them`;
    // A house that runs does the same work: the first to come makes a day.
    while ((await rollOn({ state, airports: worldAirports(), now })) === 'more') {
      report((await state.read((queries) => findNumber(queries, 'until'))) ?? horizonOf(now));
    }
    return `stored ${counted(changed)}${changed === services.length ? '' : `; ${services.length - changed} were there already`}`;
  });
}

function counted(services: number): string {
  return services === 1 ? 'one flight number' : `${services} flight numbers`;
}
