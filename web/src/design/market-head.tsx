/** The head of a page of a market: the way back, its title, and the ways to the other pages. */
import type { ReactNode } from 'react';
import { useWords } from '../language/language.ts';
import { Link, usePath } from '../routing/navigation.tsx';
import { Icon } from './marks.tsx';

export interface Way {
  readonly href: string;
  readonly text: ReactNode;
}

export function MarketHead({
  title,
  back,
  ways,
  children,
}: {
  title: string;
  back?: Way | undefined;
  /** One that leads here is not shown. */
  ways: readonly (Way & { readonly strong?: boolean })[];
  children?: ReactNode;
}) {
  const { house } = useWords();
  const here = usePath();
  const shown = ways.filter(({ href }) => href !== here);
  return (
    <>
      {back !== undefined && <BackLink to={back} />}
      <div className="page-head market-head">
        <h1>{title}</h1>
        {children}
        {shown.length > 0 && (
          <nav className="market-ways" aria-label={house.ways}>
            {shown.map(({ href, text, strong = false }) => (
              <Link key={href} className={strong ? 'button button-strong' : 'button'} href={href}>
                {text}
              </Link>
            ))}
          </nav>
        )}
      </div>
    </>
  );
}

export function BackLink({ to: { href, text } }: { to: Way }) {
  return (
    <Link className="back" href={href}>
      <Icon name="back" />
      {text}
    </Link>
  );
}
