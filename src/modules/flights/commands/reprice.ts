/** `kontor flights reprice`: computes prices now, or as of a moment. */
import { alignedColumns } from '#core/command/columns.ts';
import type { Command } from '#core/command/command.ts';
import { invalidOption } from '#core/command/invalid-option.ts';
import type { Settings } from '#core/module.ts';
import type { flightsOptions } from '../options.ts';
import type { OwnPorts } from '../ports/ports.ts';
import { reprice } from '../roles/pricer/reprice.ts';
import { momentIn, momentText } from './moments.ts';

export const repriceCommand: Command<OwnPorts, Settings<typeof flightsOptions>> = {
  name: 'flights reprice',
  usage: '',
  says: 'Computes the prices of flights from demand.',
  details: 'It works beside a running house. The same moment again is the same run, and changes nothing.',
  flags: [
    { name: '--as-of', value: 'T', says: 'Look at what happened before this moment, such as 2026-12-01T06:40Z.' },
    { name: '--dry-run', says: 'Say what would change, and change nothing.' },
  ],
  operands: { min: 0, max: 0 },
  async run({ flag, print, visit }) {
    const asOf = momentIn('--as-of', flag('--as-of'));
    const dryRun = flag('--dry-run') !== undefined;
    const done = await visit(async (ports) => {
      if (asOf !== undefined && asOf > ports.clock.now()) throw invalidOption('--as-of', '--as-of lies in the future');
      return reprice(ports, { asOf, dryRun });
    });
    print(`as of ${momentText(done.asOf)}: ${done.prices} prices, ${done.changed} ${dryRun ? 'would change' : 'changed'}`);
    if (done.biggest.length > 0)
      print(
        alignedColumns(done.biggest.map(({ flightId, cabin, before, price }) => [flightId, cabin, String(before), '→', String(price)])),
      );
    return 0;
  },
};
