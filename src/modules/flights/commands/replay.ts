/** `kontor flights replay`: computes every past price again, and says which differ. */
import type { Command } from '#core/command/command.ts';
import type { Settings } from '#core/module.ts';
import type { flightsOptions } from '../options.ts';
import type { OwnPorts } from '../ports/ports.ts';
import { replay } from '../roles/pricer/replay.ts';
import { momentText } from './moments.ts';

export const replayCommand: Command<OwnPorts, Settings<typeof flightsOptions>> = {
  name: 'flights replay',
  usage: '',
  says: 'Computes every past price again from the lake, and says which differ: none may.',
  details: 'It works beside a running house. Exit code 1 when a price differs, or when a file of the lake is missing or damaged.',
  operands: { min: 0, max: 0 },
  async run({ print, progress, visit }) {
    const line = progress();
    const { runs, prices, expired, pruned, differences } = await visit((ports) =>
      replay(ports, (count) => line.show(() => `run ${count}`)),
    );
    line.clear();
    for (const difference of differences) print(difference);
    if (expired > 0) print(`${expired} runs cannot be replayed: their accesses expired (FLIGHTS_LAKE_KEEP_DAYS)`);
    if (pruned.prices > 0)
      print(
        `${pruned.prices} prices from before ${momentText(pruned.before)} cannot be replayed: they are not kept (FLIGHTS_PRICES_KEEP_DAYS)`,
      );
    print(`${prices} prices of ${runs - expired} runs computed again, ${differences.length} differences`);
    return differences.length === 0 ? 0 : 1;
  },
};
