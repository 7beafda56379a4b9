/** Starts the app: styles, the live connection, the first picture. */
import './design/tokens.css';
import './design/base.css';
import './design/components.css';
import './shell/shell.css';
import '#modules/stocks/web/page.css';
import '#modules/stocks/web/quay.css';
import '#modules/stocks/web/company-table.css';
import '#modules/stocks/web/company-page.css';
import '#modules/stocks/web/batch-table.css';
import '#modules/stocks/web/proof-line.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openMarket } from '#modules/stocks/web/sources.ts';
import { App } from './app.tsx';
import { goLive, live } from './live/live.ts';
import { loadSession } from './session/session.ts';

const place = document.getElementById('app');
if (place === null) throw new Error('index.html has no element with the id "app"');

openMarket(live);
goLive();
void loadSession();
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
