/** Where the coins of an order are: the sum of all lines is what was paid in. */
import { Coins } from '#web/design/coins.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { Link } from '#web/routing/navigation.tsx';
import type { Order } from '../sources.ts';
import { useErrandsWords } from '../words.ts';

export function CoinsSheet({ order }: { order: Order }) {
  const { coins: words } = useErrandsWords();
  const { funded, prepaid, returned, earned, refunded, outstanding } = order.coins;
  const lines = [
    [words.prepaid, prepaid],
    [words.underWay, outstanding],
    [words.earned, earned],
    [words.refunded, refunded],
    [words.returned, returned],
  ] as const;
  return (
    <Sheet title={words.title} padded>
      <dl className="account">
        {lines.map(([name, amount]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Coins amount={amount} />
            </dd>
          </div>
        ))}
        <div className="account-total">
          <dt>{words.funded}</dt>
          <dd>
            <Coins amount={funded} />
          </dd>
        </div>
      </dl>
      <p>
        <Link href="/wallet">{words.statement}</Link>
      </p>
    </Sheet>
  );
}
