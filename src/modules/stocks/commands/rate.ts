/** `kontor stocks rate [N|max]`: how fast the publisher trades, read or changed while the house runs. */
import type { Command } from '#core/command/command.ts';
import { invalidOption } from '#core/command/invalid-option.ts';
import type { Settings } from '#core/module.ts';
import { readableNumber } from '#core/readable-number.ts';
import { settingsFrom } from '../domain/settings.ts';
import type { stocksOptions } from '../options.ts';
import { readRate, writeRate } from '../store/settings.ts';

/** The same limit as the API's. */
const maxTradesPerSecond = 10_000_000;

export const stocksRateCommand: Command<object, Settings<typeof stocksOptions>> = {
  name: 'stocks rate',
  usage: '[N|max]',
  says: "Shows or changes the publisher's trades a second for each company.",
  details:
    'N may be 0, to pause. `max` is as fast as the house can count. The new rate stays in effect, over TICKER_INTERVAL, until it is changed again.',
  operands: { min: 0, max: 1 },
  async run({ operands, settings, print, visit }) {
    const wanted = operands[0] === undefined ? undefined : parseRate(operands[0]);
    const rate = await visit(async ({ state, clock }) => {
      if (wanted !== undefined) await state.write((queries) => writeRate(queries, wanted, clock.now()));
      return (await state.read(readRate)) ?? settingsFrom(settings).tradesPerSecond;
    });
    print(rate === 'max' ? 'max: as fast as possible' : `${rate} trades a second for each company`);
    return 0;
  },
};

export function parseRate(text: string): number | 'max' {
  if (text === 'max') return 'max';
  const rate = /^\d{1,8}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (rate >= 0 && rate <= maxTradesPerSecond) return rate;
  const message = `the rate is "${text}", but must be a number from 0 to ${readableNumber(maxTradesPerSecond)}, or max`;
  throw invalidOption('rate', message);
}
