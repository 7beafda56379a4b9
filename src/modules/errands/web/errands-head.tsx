/** The head of every page of errands. */
import type { ReactNode } from 'react';
import { MarketHead, type Way } from '#web/design/market-head.tsx';
import { useName } from '#web/language/area-words.ts';
import { useSession } from '#web/session/session.ts';
import { names } from './names.ts';
import { useErrandsWords } from './words.ts';

export function ErrandsHead({ title, back, children }: { title: string; back?: Way; children?: ReactNode }) {
  const words = useErrandsWords();
  const orders = useName(names.orders);
  const mine = useName(names.mine);
  const member = useSession().state === 'member';
  const forMembers = [
    { href: '/errands/orders', text: orders },
    { href: '/errands/receive', text: words.receive.title },
  ];
  const ways = [
    { href: '/errands/new', text: words.form.title, strong: true },
    ...(member ? forMembers : []),
    { href: '/errands/mine', text: mine },
  ];
  return (
    <MarketHead title={title} back={back} ways={ways}>
      {children}
    </MarketHead>
  );
}
