/** The head of every page of flights: its title, and the ways to the other pages. */
import type { ReactNode } from 'react';
import { Icon } from '#web/design/marks.tsx';
import { useName } from '#web/language/area-words.ts';
import { Link, usePath } from '#web/routing/navigation.tsx';
import { useSession } from '#web/session/session.ts';
import { names } from './names.ts';
import { useFlightsWords } from './words.ts';

export function FlightsHead({ title, back, children }: { title: string; back?: { href: string; text: string }; children?: ReactNode }) {
  const { demand } = useFlightsWords();
  const bookings = useName(names.bookings);
  const member = useSession().state === 'member';
  const here = usePath();
  return (
    <>
      {back !== undefined && (
        <Link className="back" href={back.href}>
          <Icon name="back" />
          {back.text}
        </Link>
      )}
      <div className="page-head flights-head">
        <h1>{title}</h1>
        {children}
        <div className="flights-ways">
          {here !== '/flights/demand' && (
            <Link className="button" href="/flights/demand">
              {demand.title}
            </Link>
          )}
          {member && here !== '/flights/bookings' && (
            <Link className="button" href="/flights/bookings">
              {bookings}
            </Link>
          )}
        </div>
      </div>
    </>
  );
}
