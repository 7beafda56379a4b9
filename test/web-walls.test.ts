/** The walls around the browser app: its shared part, and the pages that modules bring. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { imaginedTree } from '../tools/tidy/tree.ts';
import { wallRule } from '../tools/tidy/walls.ts';

const imports = { '#core/*': './src/core/*', '#http/*': './src/http/*', '#modules/*': './src/modules/*', '#web/*': './web/src/*' };
const packageJson = JSON.stringify({ imports });

const wrongIn = (path: string, line: string) =>
  wallRule.check(imaginedTree({ 'package.json': packageJson, [path]: `/** Planted. */\n${line}\n` })).map(({ says }) => says);

const page = 'src/modules/shop/web/cart-page.tsx';
const adminPage = 'src/modules/shop/web/admin/orders-page.tsx';
const shell = 'web/src/shell/shell.tsx';

const refused: readonly (readonly [from: string, line: string])[] = [
  [page, "import { OrderView } from '#modules/shop/api/schemas.ts';"],
  [page, "import type { OrderRow } from '#modules/shop/store/tables.ts';"],
  [page, "import type { OrderView } from '../api/schemas.ts';"],
  [page, "import { KontorError } from '#core/errors.ts';"],
  [page, "import { EventsSheet } from '#modules/people/web/events.tsx';"],
  [adminPage, "import type { OrderRow } from '../../store/tables.ts';"],
  [adminPage, "import { useWalletWords } from '#modules/coins/web/words.ts';"],
  [shell, "import { ProofLine } from '#modules/overview/web/proof-line.tsx';"],
  [shell, "import { shopArea } from '#modules/shop/web/area.ts';"],
  [shell, "import { Wallet } from '#modules/coins/api/schemas.ts';"],
  ['src/modules/shop/roles/shop-api.ts', "import { shopArea } from '../web/area.ts';"],
];

const allowed: readonly (readonly [from: string, line: string])[] = [
  [page, "import type { OrderView } from '#modules/shop/api/schemas.ts';"],
  [page, "import type { Wallet } from '#modules/coins/api/schemas.ts';"],
  [page, "import { apiOf } from '#web/api/api.ts';"],
  [page, "import { openClient } from '#http/client.ts';"],
  [page, "import { WayToCoins } from '#modules/coins/web/face.tsx';"],
  [adminPage, "import { useShopWords } from '../words.ts';"],
  [shell, "import type { Wallet } from '#modules/coins/api/schemas.ts';"],
  ['web/src/areas.ts', "export { shopArea } from '#modules/shop/web/area.ts';"],
];

describe('the walls around the browser app', () => {
  for (const [from, line] of refused) it(`refuse in ${from}: ${line}`, () => assert.equal(wrongIn(from, line).length, 1));
  for (const [from, line] of allowed) it(`allow in ${from}: ${line}`, () => assert.deepEqual(wrongIn(from, line), []));
});
