/** Starts the app: styles, the live connection, the first picture. */
import './design/tokens.css';
import './design/base.css';
import './design/components.css';
import './shell/shell.css';
import './stocks/page.css';
import './stocks/quay.css';
import './stocks/company-table.css';
import './stocks/company-page.css';
import './stocks/batch-table.css';
import './stocks/proof-line.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { goLive, live } from './live/live.ts';
import { loadSession } from './session/session.ts';
import { openMarket } from './stocks/sources.ts';

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
