/** Starts the app: styles, areas, the live connection, and the first render. */
import './design/tokens.css';
import './design/base.css';
import './design/components.css';
import './design/page.css';
import './shell/shell.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { areas } from './area-list.ts';
import { addBookNames } from './book-names.ts';
import { loadFonts } from './design/fonts.ts';
import { addHouseTexts } from './house-texts.ts';
import { goLive, onHouseBack } from './live/live.ts';
import { addRefusals } from './refusals/use-refusals.ts';
import { loadMissingSession, loadSession } from './session/session.ts';

const place = document.getElementById('app');
if (place === null) throw new Error('index.html has no element with the id "app"');

addRefusals(areas.map(({ refusals = {} }) => refusals));
addBookNames(areas.flatMap(({ books = [] }) => books));
addHouseTexts(areas.map(({ houseTexts = {} }) => houseTexts));
for (const area of areas) area.start?.();
goLive();
onHouseBack(() => void loadMissingSession());
void loadSession();
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
loadFonts();
