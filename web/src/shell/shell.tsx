/** The frame of every page: skip link, band with wordmark, markets, account and settings, the page, and the foot. */
import { type ReactNode, useEffect, useRef } from 'react';
import type { Area } from '../area.ts';
import { areas } from '../area-list.ts';
import { Wordmark } from '../design/marks.tsx';
import { useLanguage, useWords } from '../language/language.ts';
import { Link } from '../routing/navigation.tsx';
import { useSession } from '../session/session.ts';
import { AccountSign } from './account-sign.tsx';
import { ConnectionSign } from './connection-sign.tsx';
import { Settings } from './settings.tsx';

/** `area` is the area of the current page. */
export function Shell({ path, area, children }: { path: string; area: Area | undefined; children: ReactNode }) {
  const { house: words } = useWords();
  const language = useLanguage();
  const session = useSession();
  const main = useRef<HTMLElement>(null);
  const firstPath = useRef(path);

  // Like a page load, a new page moves the focus to its start; for the first page, the browser does.
  useEffect(() => {
    if (firstPath.current === path) return;
    firstPath.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);

  const admin = session.state === 'member' && session.member.role === 'admin';
  const links = areas
    .flatMap((owner) => (owner.navigation === undefined ? [] : { owner, ...owner.navigation }))
    .filter(({ adminsOnly = false }) => admin || !adminsOnly);
  return (
    <>
      <a className="skip" href="#content">
        {words.skip}
      </a>
      <header className="band">
        <Link className="band-home" href="/" aria-label={words.home}>
          <Wordmark />
        </Link>
        <nav className="band-markets" aria-label={words.navigation}>
          {links.map(({ owner, path: href, name }) => (
            <Link key={href} href={href} aria-current={owner === area ? 'true' : undefined}>
              {name[language]}
            </Link>
          ))}
          <a href="/api/docs">{words.programming}</a>
        </nav>
        <div className="band-tools">
          <ConnectionSign />
          {area?.BandTools && <area.BandTools />}
          <AccountSign session={session} />
          <Settings />
        </div>
      </header>
      <main id="content" ref={main} tabIndex={-1}>
        {children}
      </main>
      {areas.map((owner) => owner.Foot && <owner.Foot key={owner.owns.join()} />)}
    </>
  );
}
