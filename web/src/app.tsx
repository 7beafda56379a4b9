/** Which page is shown in the shell. */
import { BrokenPage, Caught } from './design/states.tsx';
import { Toasts } from './design/toasts.tsx';
import { useWords } from './language/language.ts';
import { usePath } from './routing/navigation.tsx';
import { type Page, pageAt } from './routing/router.ts';
import { NotFound } from './shell/not-found.tsx';
import { Shell } from './shell/shell.tsx';
import { CompanyPage } from './stocks/company-page.tsx';
import { MarketPage } from './stocks/market-page.tsx';

export function App() {
  const words = useWords();
  const path = usePath();
  const page = pageAt(path);
  const titles: Readonly<Record<Page['page'], string>> = {
    stocks: words.market.title,
    company: page.page === 'company' ? page.code : '',
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
    case 'unknown':
      return <NotFound path={page.path} />;
  }
}
