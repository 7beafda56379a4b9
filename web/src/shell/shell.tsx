/** The frame of every page: skip link, copper band with wordmark, markets and settings, the page itself, the proof line. */
import { type ReactNode, useEffect, useRef } from 'react';
import { Wordmark } from '../design/marks.tsx';
import { useWords } from '../language/language.ts';
import { Link } from '../routing/navigation.tsx';
import { ProofLine } from '../stocks/proof-line.tsx';
import { TapeSpeed } from '../stocks/tape-speed.tsx';
import { ConnectionSign } from './connection-sign.tsx';
import { Settings } from './settings.tsx';

export function Shell({ path, title, children }: { path: string; title: string; children: ReactNode }) {
  const words = useWords();
  const main = useRef<HTMLElement>(null);
  const firstPath = useRef(path);

  useEffect(() => {
    document.title = title === words.house.name ? title : `${title} · ${words.house.name}`;
  }, [title, words]);

  // A new page begins at its heading, as after a real page load; the very first one is left to the browser.
  useEffect(() => {
    if (firstPath.current === path) return;
    firstPath.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);

  const markets = [{ href: '/stocks', text: words.house.stocks, here: path === '/' || path.startsWith('/stocks') }];
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
          <TapeSpeed />
          <Settings />
        </div>
      </header>
      <main id="content" ref={main} tabIndex={-1}>
        {children}
      </main>
      <ProofLine />
    </>
  );
}
