/** How the results of this order come to a folder of one's own. */
import { Sheet } from '#web/design/sheet.tsx';
import { Link } from '#web/routing/navigation.tsx';
import { Command } from '../command.tsx';
import type { Order } from '../sources.ts';
import { useErrandsWords } from '../words.ts';

export function ReceiveHint({ order: { id } }: { order: Order }) {
  const { receive: words } = useErrandsWords();
  return (
    <Sheet title={words.asFiles} padded>
      <Command text={`kontor errands fetch --order ${id} --to results`} />
      <p>
        <Link href="/errands/receive">{words.more}</Link>
      </p>
    </Sheet>
  );
}
