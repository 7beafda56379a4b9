/** `kontor wishes list`: the newest wishes. */
import { alignedColumns } from '#core/command/columns.ts';
import type { Command } from '#core/command/command.ts';
import { readWishes } from '../store/wishes.ts';

const shown = 50;

export const wishesListCommand: Command = {
  name: 'wishes list',
  usage: '',
  says: `Shows the ${shown} newest wishes.`,
  operands: { min: 0, max: 0 },
  async run({ visit, print }) {
    const { items } = await visit(({ state }) => state.read((queries) => readWishes(queries, { limit: shown })));
    const rows = items.map(({ id, at, price, text }) => [id, new Date(at).toISOString(), String(price), text]);
    print(alignedColumns([['WISH', 'TIME', 'PRICE', 'TEXT'], ...rows]));
    return 0;
  },
};
