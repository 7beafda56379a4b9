/** Which page is shown in the shell. */
import { type ComponentType, lazy, Suspense } from 'react';
import { CompanyPage } from '#modules/stocks/web/company-page.tsx';
import { MarketPage } from '#modules/stocks/web/market-page.tsx';
import { Waiting } from './design/loaded.tsx';
import { BrokenPage, Caught } from './design/states.tsx';
import { Toasts } from './design/toasts.tsx';
import { useWords } from './language/language.ts';
import { usePath } from './routing/navigation.tsx';
import { type Area, type Page, pageAt } from './routing/router.ts';
import { NotFound } from './shell/not-found.tsx';
import { Shell } from './shell/shell.tsx';

/** Each a file of its own for the browser: who looks at prices need not load the shop. */
const areas: Readonly<Record<Area, ComponentType<{ parts: readonly string[] }>>> = {
  people: lazy(() => import('#modules/people/web/people-area.tsx').then((module) => ({ default: module.PeopleArea }))),
  wallet: lazy(() => import('#modules/coins/web/wallet-area.tsx').then((module) => ({ default: module.WalletArea }))),
  shop: lazy(() => import('#modules/shop/web/shop-area.tsx').then((module) => ({ default: module.ShopArea }))),
  admin: lazy(() => import('./admin/admin-area.tsx').then((module) => ({ default: module.AdminArea }))),
};

export function App() {
  const words = useWords();
  const path = usePath();
  const page = pageAt(path);
  const titles: Readonly<Record<Page['page'], string | undefined>> = {
    stocks: words.market.title,
    company: page.page === 'company' ? page.code : '',
    area: undefined,
    unknown: words.notFound.title,
  };
  return (
    <Toasts>
      <Shell path={path} title={titles[page.page]}>
        <Caught key={path} broken={<BrokenPage />}>
          <Shown page={page} />
        </Caught>
      </Shell>
    </Toasts>
  );
}

function Shown({ page }: { page: Page }) {
  switch (page.page) {
    case 'stocks':
      return <MarketPage />;
    case 'company':
      return <CompanyPage key={page.code} code={page.code} />;
    case 'area': {
      const Shown = areas[page.area];
      return (
        <Suspense fallback={<Waiting height="24rem" />}>
          <Shown parts={page.parts} />
        </Suspense>
      );
    }
    case 'unknown':
      return <NotFound path={page.path} />;
  }
}
