/** `kontor stocks companies`, `kontor stocks retire CODE` and `kontor stocks restore CODE`: companies whose trades come from outside. */
import type { Command } from '#core/command/command.ts';
import type { Settings } from '#core/module.ts';
import { refuse } from '#core/refuse.ts';
import type { stocksOptions } from '../options.ts';
import { stocksRefusals } from '../refusals.ts';
import { listOutsideCompanies, setRetired } from '../store/outside-companies.ts';

type StocksCommand = Command<object, Settings<typeof stocksOptions>>;

const pageLimit = 500;

export const stocksCompaniesCommand: StocksCommand = {
  name: 'stocks companies',
  usage: '',
  says: 'Lists the companies whose trades come from outside.',
  operands: { min: 0, max: 0 },
  async run({ print, visit }) {
    await visit(async ({ state }) => {
      for (let after: string | undefined; ; ) {
        const { items, next } = await state.read((queries) => listOutsideCompanies(queries, { limit: pageLimit, after }));
        for (const { company, retiredAt } of items)
          print(retiredAt === null ? company : `${company}  retired ${new Date(retiredAt).toISOString()}`);
        if (next === null) return;
        after = next;
      }
    });
    return 0;
  },
};

export const stocksRetireCommand: StocksCommand = {
  name: 'stocks retire',
  usage: 'CODE',
  says: 'Retires a company from outside: it takes no more trades, is not listed, and leaves its place to another.',
  details: 'What it traded stays in the books. `kontor stocks restore CODE` brings it back.',
  operands: { min: 1, max: 1 },
  run: (given) => change(given, true),
};

export const stocksRestoreCommand: StocksCommand = {
  name: 'stocks restore',
  usage: 'CODE',
  says: 'Brings a retired company back.',
  operands: { min: 1, max: 1 },
  run: (given) => change(given, false),
};

async function change({ operands: [code = ''], print, visit }: Parameters<StocksCommand['run']>[0], retired: boolean): Promise<number> {
  const changed = await visit(({ state, clock }) => state.write((queries) => setRetired(queries, code, retired ? clock.now() : null)));
  if (changed === undefined) throw refuse(stocksRefusals, 'not-from-outside', { company: code });
  print(retired ? `${code} is retired.` : `${code} takes trades again.`);
  return 0;
}
