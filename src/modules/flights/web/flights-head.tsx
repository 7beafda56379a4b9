/** The head of every page of flights. */
import type { ReactNode } from 'react';
import { MarketHead, type Way } from '#web/design/market-head.tsx';
import { useName } from '#web/language/area-words.ts';
import { useSession } from '#web/session/session.ts';
import { names } from './names.ts';
import { useFlightsWords } from './words.ts';

export function FlightsHead({ title, back, children }: { title: string; back?: Way; children?: ReactNode }) {
  const { demand } = useFlightsWords();
  const bookings = useName(names.bookings);
  const member = useSession().state === 'member';
  const ways = [{ href: '/flights/demand', text: demand.title }, ...(member ? [{ href: '/flights/bookings', text: bookings }] : [])];
  return (
    <MarketHead title={title} back={back} ways={ways}>
      {children}
    </MarketHead>
  );
}
