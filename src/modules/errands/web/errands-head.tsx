/** The head of every page of errands: its title, and the ways to the other pages. */
import type { ReactNode } from 'react';
import { Icon } from '#web/design/marks.tsx';
import { useName } from '#web/language/area-words.ts';
import { Link, usePath } from '#web/routing/navigation.tsx';
import { useSession } from '#web/session/session.ts';
import { names } from './names.ts';
import { useErrandsWords } from './words.ts';

export function ErrandsHead({ title, back, children }: { title: string; back?: { href: string; text: string }; children?: ReactNode }) {
  const words = useErrandsWords();
  const orders = useName(names.orders);
  const mine = useName(names.mine);
  const member = useSession().state === 'member';
  const here = usePath();
  const ways = [
    { href: '/errands/new', text: words.form.title, strong: true, shown: true },
    { href: '/errands/orders', text: orders, strong: false, shown: member },
    { href: '/errands/receive', text: words.receive.title, strong: false, shown: member },
    { href: '/errands/mine', text: mine, strong: false, shown: true },
  ];
  return (
    <>
      {back !== undefined && (
        <Link className="back" href={back.href}>
          <Icon name="back" />
          {back.text}
        </Link>
      )}
      <div className="page-head errands-head">
        <h1>{title}</h1>
        {children}
        <nav className="errands-ways" aria-label={words.market.ways}>
          {ways
            .filter(({ shown, href }) => shown && href !== here)
            .map(({ href, text, strong }) => (
              <Link key={href} className={strong ? 'button button-strong' : 'button'} href={href}>
                {text}
              </Link>
            ))}
        </nav>
      </div>
    </>
  );
}
