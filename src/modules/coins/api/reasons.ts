/** Why no coins move, by stable names with what each tells; the pages say it in their reader's language. */
import type { Nothing } from '#core/errors.ts';

export type CoinsReasons = {
  'own-account': Nothing;
  'no-receiver': { account: string };
  'amount-beyond': { available: number };
  'refused-before': Nothing;
  'faucet-closed': Nothing;
  'faucet-empty': { amount: number };
};
