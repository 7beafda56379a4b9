/** The stocks: the market at a glance, and each company. */
import './quay.css';
import './company-table.css';
import './company-page.css';
import './batch-table.css';
import type { AreaProps } from '#web/area.ts';
import { NotFound } from '#web/shell/not-found.tsx';
import { stocksPageAt } from './addresses.ts';
import { CompanyPage } from './company-page.tsx';
import { MarketPage } from './market-page.tsx';

export function StocksArea({ parts }: AreaProps) {
  const shown = stocksPageAt(parts);
  if (shown === undefined) return <NotFound path={`/${parts.join('/')}`} />;
  return shown.page === 'market' ? <MarketPage /> : <CompanyPage code={shown.code} />;
}
