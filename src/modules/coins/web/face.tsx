/** What the pages of other modules may show of the wallet. */
import { useResource } from '#web/api/use-resource.ts';
import { Link } from '#web/routing/navigation.tsx';
import { Faucet } from './faucet.tsx';
import { loadWallet } from './sources.ts';
import { useWalletWords } from './words.ts';

/** How to get the coins that are missing: from the faucet where there is one. */
export function WayToCoins() {
  const { toWallet } = useWalletWords();
  const wallet = useResource(loadWallet);
  return wallet.state === 'ready' && wallet.value.faucet ? <Faucet onChange={() => {}} /> : <Link href="/wallet">{toWallet}</Link>;
}
