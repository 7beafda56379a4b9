/** Why no coins move, by stable names with what each tells; the pages say it in their reader's language. */

/** For a reason that tells nothing more. */
type Nothing = Record<never, never>;

export type CoinsReasons = {
  'own-account': Nothing;
  'no-receiver': { account: string };
  'amount-beyond': { available: number };
  'refused-before': Nothing;
  'faucet-closed': Nothing;
  'faucet-empty': { amount: number };
};
