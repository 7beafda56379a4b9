/** The frame of every page: skip link, copper band with wordmark, markets, account and settings, the page itself, the proof line. */
import { type ReactNode, useEffect, useRef } from 'react';
import { ProofLine } from '#modules/stocks/web/proof-line.tsx';
import { TapeSpeed } from '#modules/stocks/web/tape-speed.tsx';
import { Wordmark } from '../design/marks.tsx';
import { useWords } from '../language/language.ts';
import { Link } from '../routing/navigation.tsx';
import { useSession } from '../session/session.ts';
import { AccountSign } from './account-sign.tsx';
import { ConnectionSign } from './connection-sign.tsx';
import { Settings } from './settings.tsx';

/** Without `title`, the page sets it itself. */
export function Shell({ path, title, children }: { path: string; title: string | undefined; children: ReactNode }) {
  const words = useWords();
  const session = useSession();
  const main = useRef<HTMLElement>(null);
  const firstPath = useRef(path);

  useEffect(() => {
    if (title !== undefined) document.title = title === words.house.name ? title : `${title} · ${words.house.name}`;
  }, [title, words]);

  // A new page begins at its heading, as after a real page load; the very first one is left to the browser.
  useEffect(() => {
    if (firstPath.current === path) return;
    firstPath.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);

  const inStocks = path === '/' || path.startsWith('/stocks');
  const admin = session.state === 'member' && session.member.role === 'admin';
  const markets = [
    { href: '/stocks', text: words.house.stocks, here: inStocks },
    { href: '/shop', text: words.house.shop, here: path.startsWith('/shop') },
    ...(admin ? [{ href: '/admin', text: words.house.admin, here: path.startsWith('/admin') }] : []),
  ];
  return (
    <>
      <a className="skip" href="#content">
        {words.house.skip}
      </a>
      <header className="band">
        <Link className="band-home" href="/stocks" aria-label={words.house.home}>
          <Wordmark />
        </Link>
        <nav className="band-markets" aria-label={words.house.navigation}>
          {markets.map(({ href, text, here }) => (
            <Link key={href} href={href} aria-current={here ? 'true' : undefined}>
              {text}
            </Link>
          ))}
          <a href="/api/docs">{words.house.programming}</a>
        </nav>
        <div className="band-tools">
          <ConnectionSign />
          {inStocks && <TapeSpeed />}
          <AccountSign session={session} />
          <Settings />
        </div>
      </header>
      <main id="content" ref={main} tabIndex={-1} className={inStocks ? undefined : 'elsewhere'}>
        {children}
      </main>
      <ProofLine />
    </>
  );
}
