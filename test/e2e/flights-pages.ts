/** From a search to a flown-back refund in a real browser: why, seat, pay, ticket, cancel, statement, tape; and what is watched. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { english as wallet } from '#modules/coins/web/english.ts';
import { english as flights } from '#modules/flights/web/english.ts';
import { german as flightsGerman } from '#modules/flights/web/german.ts';
import { adminNames, names } from '#modules/flights/web/names.ts';
import { until } from '#testkit/until.ts';
import { english } from '../../web/src/language/english.ts';
import { openCustomer } from '../engines/flights-load.ts';
import { accessibilityProblems, shownAnew } from './accessibility.ts';
import { logInAsAdmin, openPanelLink, readNews, signUp } from './customer.ts';
import { browser, closesPages, house } from './visited-house.ts';
import { openPage, sidewaysPixels, type WatchedPage } from './watched-page.ts';

interface Route {
  readonly from: { readonly code: string; readonly city: string };
  readonly to: { readonly code: string; readonly city: string };
  /** A day with a nonstop flight, and one to come back. */
  readonly date: string;
  readonly back: string;
}

/** A route that the generated timetable has: between two of the airports with the most flights. */
async function nonstopRoute(): Promise<Route> {
  const get = async <Answer>(path: string) => (await (await fetch(`${house().url}${path}`)).json()) as Answer;
  const { airports } = await get<{ airports: readonly Route['from'][] }>('/api/flights/airports?limit=6');
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const nonstop = async (from: string, to: string, date: string) =>
    (await get<{ nonstop: number }>(`/api/flights/search?from=${from}&to=${to}&date=${date}&maxStops=0`)).nonstop > 0;
  for (const from of airports)
    for (const to of airports)
      if (from !== to && (await nonstop(from.code, to.code, day(20))) && (await nonstop(to.code, from.code, day(27))))
        return { from, to, date: day(20), back: day(27) };
  throw new Error(`no nonstop flights between ${airports.map(({ code }) => code).join()}`);
}

/** Another person takes the seat first. */
async function bookByAnother(flight: string, seat: string): Promise<void> {
  const { cookie } = await openCustomer(house().url, 'bessie');
  const post = async <Body>(path: string, body: object) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'bessie-coleman', cookie };
    const answer = await fetch(`${house().url}/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    assert.ok(answer.ok, await answer.clone().text());
    return (await answer.json()) as Body;
  };
  await post('/coins/faucet', {});
  const { id, total } = await post<{ id: string; total: number }>('/flights/quotes', {
    flights: [flight],
    cabin: 'economy',
    passengers: 1,
  });
  const passengers = [{ givenName: 'Bessie', familyName: 'Coleman', seats: [seat] }];
  await post('/flights/bookings', { quoteId: id, expectedTotal: total, passengers });
}

describe('flights', () => {
  let route: Route;
  let customer: WatchedPage;
  let admin: WatchedPage;
  let bookingPath = '';
  let paid = 0;
  const opened: WatchedPage[] = [];
  const faucetCoins = 500;
  closesPages();

  before(async () => {
    route = await nonstopRoute();
    customer = await open();
    admin = await open();
  });

  async function open(options: Parameters<typeof openPage>[1] = {}): Promise<WatchedPage> {
    const watched = await openPage(browser(), options);
    opened.push(watched);
    return watched;
  }
  const search = () => `/flights?from=${route.from.code}&to=${route.to.code}&date=${route.date}&nonstop=true`;
  const itineraries = (page: Page) => page.locator('.itinerary');
  const settled = (page: Page) =>
    until(async () => (await page.locator('[aria-busy="true"]').count()) === 0, { describe: 'everything loaded' });

  it('are found although a city is misspelt, with the keyboard alone', async () => {
    const { page } = customer;
    await page.goto(`${house().url}/flights`);
    const from = page.getByRole('combobox', { name: flights.search.from, exact: true });
    await from.focus();
    // The third letter is left out.
    const misspelt = route.from.city.slice(0, 2) + route.from.city.slice(3);
    const answer = page.waitForResponse((response) => new URL(response.url()).searchParams.get('text') === misspelt.toLowerCase());
    await page.keyboard.type(misspelt);
    // Each letter asks anew: until the last answer is there, what is found by fewer letters is shown.
    const { airports } = (await (await answer).json()) as { readonly airports: readonly Route['from'][] };
    const shown = page.getByRole('option').locator('.airport-code');
    const found = airports.map(({ code }) => code).join();
    await until(async () => (await shown.allTextContents()).join() === found, { describe: `the airports ${found}` });
    for (let presses = 0; presses < 8; presses += 1) {
      const active = await from.getAttribute('aria-activedescendant');
      if ((await page.locator(`[id="${active}"] .airport-code`).textContent()) === route.from.code) break;
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    assert.match(await from.inputValue(), new RegExp(route.from.code));
    const to = page.getByRole('combobox', { name: flights.search.to, exact: true });
    await to.focus();
    await page.keyboard.type(route.to.code);
    // Leaving the field takes the best match.
    await page.keyboard.press('Tab');
    await until(async () => (await to.inputValue()).includes(`(${route.to.code})`), { describe: 'the best match' });
    await page.getByLabel(flights.search.date, { exact: true }).first().fill(route.date);
    await page.getByRole('button', { name: flights.search.submit, exact: true }).press('Enter');
    await itineraries(page).first().waitFor();
    assert.deepEqual(Object.fromEntries(new URL(page.url()).searchParams), { from: route.from.code, to: route.to.code, date: route.date });
  });

  it('are narrowed down, sorted, and gone back to', async () => {
    const { page } = customer;
    await page.getByRole('checkbox', { name: new RegExp(`^${flights.filters.nonstopOnly}`) }).check();
    await page.getByLabel(flights.results.sort).selectOption('departure');
    await settled(page);
    assert.equal(await page.locator('.way-stop').count(), 0, 'nonstop only');
    const times = await page.locator('.way-end:first-child b').allTextContents();
    assert.deepEqual(times, times.toSorted());
    const before = page.url();
    await page.locator('.calendar button:not([aria-current])').first().click();
    await until(async () => page.url() !== before, { describe: 'another day' });
    await page.goBack();
    await until(async () => page.url() === before, { describe: 'the day before' });
    await itineraries(page).first().waitFor();
  });

  it('say why they cost what they cost', async () => {
    const { page } = customer;
    await itineraries(page).first().getByText(flights.results.details).click();
    await page.getByRole('link', { name: flights.results.why }).first().click();
    await page.getByRole('heading', { level: 1, name: flights.results.title(route.from.city, route.to.city) }).waitFor();
    await page.getByRole('region', { name: flights.why.title }).waitFor();
    await page.getByRole('img', { name: new RegExp(`^Map: from ${route.from.city}`) }).waitFor();
  });

  it('hold their price for a guest, who comes back to it after opening an account', async () => {
    const { page } = customer;
    await page.getByRole('link', { name: flights.flight.hold }).click();
    await page.getByRole('timer').waitFor();
    const held = await page.locator('.quote-total').textContent();
    const quote = new URL(page.url()).searchParams.get('quote');
    assert.match(quote ?? '', /^[0-9a-f]{32}$/);
    await page.getByRole('link', { name: english.session.signUp }).click();
    await signUp(page, { name: 'Amelia Earhart', email: 'amelia@example.org' });
    await page.getByRole('timer').waitFor();
    assert.equal(new URL(page.url()).searchParams.get('quote'), quote, 'the same quote');
    assert.equal(await page.locator('.quote-total').textContent(), held);
    paid = Number(held?.replaceAll(/\D/g, ''));
  });

  it('have seats that are chosen with the keyboard and read seat by seat', async () => {
    const { page } = customer;
    const focused = () => page.evaluate<string>("document.activeElement?.querySelector('.out-of-sight')?.textContent ?? ''");
    const stop = page.locator('.seats button[tabindex="0"]');
    await stop.waitFor();
    assert.equal(await stop.count(), 1, 'the whole map is one stop of the tab key');
    await stop.focus();
    assert.match(await focused(), /^Seat \d+[A-K], (window|middle|aisle)/);
    const first = await focused();
    await page.keyboard.press('ArrowDown');
    assert.notEqual(await focused(), first);
    for (let presses = 0; presses < 60 && !(await focused()).endsWith(flights.seats.free); presses += 1)
      await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await until(async () => (await focused()).endsWith(flights.seats.chosenFor('Amelia')), { describe: 'a seat of one’s own' });
    assert.deepEqual(await accessibilityProblems(page), []);
  });

  it('tell who comes second to a seat, offer the next one, and keep the price', async () => {
    const { page } = customer;
    const chosen = page.locator('button.seat-chosen .out-of-sight');
    const seat = /^Seat (\S+),/.exec((await chosen.textContent()) ?? '')?.[1] ?? '';
    const quote = await page.evaluate<{ legs: { leg: { flightId: string } }[] }>(
      "fetch('/api/flights/quotes/' + new URL(location.href).searchParams.get('quote')).then((answer) => answer.json())",
    );
    await bookByAnother(quote.legs[0]?.leg.flightId ?? '', seat);
    await page.getByRole('button', { name: wallet.faucet }).click();
    await page.getByRole('button', { name: flights.booking.pay(String(paid)) }).click();
    const told = page.getByRole('alert').filter({ hasText: `Seat ${seat} ` });
    const next = /was just taken\. Seat (\S+) is free\./.exec((await told.textContent()) ?? '')?.[1] ?? '';
    await until(async () => (await chosen.count()) === 0, { describe: 'the seat to be given up' });
    await page.locator('button.seat', { hasText: `Seat ${next},` }).click();
    await chosen.waitFor();
  });

  it('are booked and paid at once, in the chosen seat', async () => {
    const { page } = customer;
    const seat = /^Seat (\S+),/.exec((await page.locator('button.seat-chosen .out-of-sight').textContent()) ?? '')?.[1];
    assert.equal(await page.getByLabel(flights.booking.givenName).inputValue(), 'Amelia', 'who books is the first passenger');
    await page.getByRole('button', { name: flights.booking.pay(String(paid)) }).click();
    await page.waitForURL('**/flights/bookings/KF-*');
    bookingPath = new URL(page.url()).pathname;
    await page.locator('.ticket').waitFor();
    assert.equal(await page.locator('.ticket-seat dd').textContent(), seat);
    await readNews(page, flights.booking.booked);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: flights.ticket.calendar }).click();
    assert.match(await readFile(await (await download).path(), 'utf8'), /^BEGIN:VCALENDAR[\s\S]+BEGIN:VEVENT/);
  });

  it('are on the tape', async () => {
    const { page } = customer;
    await page.getByRole('link', { name: /^On the tape/ }).click();
    await page.getByRole('heading', { level: 1, name: /^Kontor Flights, / }).waitFor();
  });

  it('are cancelled after the refund was shown, which is on the statement', async () => {
    const { page } = customer;
    await page.goto(`${house().url}/stocks`);
    await openPanelLink(page, names.bookings.en);
    await page.locator('.ledger tbody a').first().click();
    await page.getByRole('button', { name: flights.ticket.cancel }).click();
    const refund = Number((await page.locator('.dialog .account-total .coins').textContent())?.replaceAll(/\D/g, ''));
    assert.equal(refund, paid, 'everything within a day after booking');
    await page.getByRole('button', { name: flights.cancellation.confirm(String(refund)) }).click();
    await readNews(page, flights.cancellation.done(String(refund)));
    await page.getByText(flights.bookings.states.cancelled, { exact: true }).waitFor();
    await page.getByRole('link', { name: flights.ticket.statement }).click();
    const rows = page.locator('.statement tbody tr');
    await until(async () => (await rows.count()) === 3, { describe: 'coins from the faucet, the payment, the refund' });
    assert.equal(await page.locator('.band-button .coins').textContent(), `${faucetCoins} ${english.house.coins}`);
  });

  it('go there and back: out first, then back', async () => {
    const { page } = customer;
    await page.goto(`${house().url}${search()}&back=${route.back}&passengers=2`);
    await page
      .getByRole('link', { name: new RegExp(`^${flights.results.chooseOut}:`) })
      .first()
      .click();
    await page.getByRole('heading', { name: flights.results.title(route.to.city, route.from.city) }).waitFor();
    await page
      .getByRole('link', { name: new RegExp(`^${flights.results.choose}:`) })
      .first()
      .click();
    await page.locator('.seats').waitFor();
    assert.equal(await page.locator('.quote .leg').count(), 2);
    assert.equal(await page.getByLabel(flights.booking.givenName).count(), 2);
    await page.locator('button.seat:not(.seat-taken)').first().click();
    assert.ok(await page.getByRole('radio', { name: new RegExp(`^${flights.booking.passenger(2)}`) }).isChecked(), 'the next one chooses');
  });

  it('are told of when there are none, and when an address is wrong', async () => {
    const { page } = await open();
    await page.goto(`${house().url}${search()}&maxPrice=1`);
    await page.getByRole('heading', { name: flights.results.none }).waitFor();
    await page.locator('.state').getByRole('button', { name: flights.filters.clear }).click();
    await itineraries(page).first().waitFor();
    await page.goto(`${house().url}/flights/book`);
    await page.getByRole('heading', { name: flights.booking.nothing }).waitFor();
    await page.goto(`${house().url}/flights`);
    await page.getByRole('button', { name: flights.search.submit, exact: true }).click();
    await page.getByText(flights.search.chooseAirport).first().waitFor();
  });

  it('speak German', async () => {
    const { page } = await open({ locale: 'de-DE' });
    await page.goto(`${house().url}${search()}`);
    await page.getByRole('heading', { level: 1, name: flightsGerman.search.title }).waitFor();
    await itineraries(page).first().getByText(flightsGerman.results.nonstop, { exact: true }).waitFor();
    await page
      .getByRole('link', { name: new RegExp(`^${flightsGerman.results.choose}:`) })
      .first()
      .click();
    await page.getByText(flightsGerman.quote.held).waitFor();
  });

  it('are run by admins: timetable, prices and lake', async () => {
    const { page } = admin;
    const password = /\b(?:[a-z0-9]{4}-){5}[a-z0-9]{4}\b/.exec(house().output())?.[0] ?? '';
    await page.goto(`${house().url}/login?next=/admin/timetable`);
    await logInAsAdmin(page, password);
    await page.locator('.ledger tbody tr').first().waitFor();
    await page.goto(`${house().url}/admin/timetable?from=${route.from.code}&to=${route.to.code}`);
    await page.locator('.ledger tbody button').first().click();
    await page.getByLabel('Economy', { exact: false }).fill('77');
    await page.getByRole('button', { name: english.house.save }).click();
    await page.locator('.ledger').getByText('77').first().waitFor();
    await page.getByRole('link', { name: adminNames.pricing.en }).click();
    await page.getByRole('button', { name: /^See what/ }).click();
    const would = await page.getByText(/prices would change/).innerText();
    const change = page.getByRole('button', { name: /^Change prices/ });
    // The house may have computed the prices itself a moment ago.
    if (would.startsWith('0 of ')) assert.ok(await change.isDisabled(), 'there is nothing to change');
    else {
      await change.click();
      await page.getByText(/prices have changed/).waitFor({ timeout: 120_000 });
    }
    await page.getByRole('link', { name: adminNames.lake.en }).click();
    await page.getByRole('heading', { name: 'Stream and lake' }).waitFor();
    for (const name of ['timetable', 'pricing', 'lake']) {
      await page.goto(`${house().url}/admin/${name}`);
      await page.getByRole('heading', { level: 2 }).first().waitFor();
      await settled(page);
      assert.deepEqual(await accessibilityProblems(page), [], name);
      await page.setViewportSize({ width: 390, height: 900 });
      assert.equal(await sidewaysPixels(page), 0, name);
      await page.setViewportSize({ width: 1280, height: 900 });
    }
  });

  it('show what is watched, on a map and in a table', async () => {
    const { page } = customer;
    const watched = async () => {
      const { routes } = (await (await fetch(`${house().url}/api/flights/demand`)).json()) as { readonly routes: readonly unknown[] };
      // What has landed in the lake by now is seen by the next run.
      if (routes.length === 0) await admin.page.request.post(`${house().url}/api/flights/admin/runs`, { data: { dryRun: false } });
      return routes.length > 0;
    };
    await until(watched, { timeoutMs: 120_000, describe: 'looks that have landed' });
    await page.goto(`${house().url}/flights/demand`);
    await page.locator('.world-map .map-land').waitFor();
    await until(async () => (await page.locator('.world-map .map-target').count()) > 0, { describe: 'a route that was looked at' });
    await page.locator('.demand-tables .ledger tbody a').first().focus();
    await page.locator('.map-route-shown').waitFor();
  });

  it('have nothing that assistive technology stumbles over, and fit every width', async () => {
    const { page } = customer;
    for (const path of ['/flights', search(), '/flights/bookings', bookingPath, '/flights/demand']) {
      await page.goto(`${house().url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await settled(page);
      assert.deepEqual(await accessibilityProblems(page), [], path);
      await page.emulateMedia({ colorScheme: 'dark' });
      await shownAnew(page);
      assert.deepEqual(await accessibilityProblems(page, ['color-contrast']), [], `${path} in the dark`);
      await page.emulateMedia({ colorScheme: 'light' });
      for (const width of [320, 1024]) {
        await page.setViewportSize({ width, height: 900 });
        assert.equal(await sidewaysPixels(page), 0, `${path} at ${width} pixels`);
      }
      await page.setViewportSize({ width: 1280, height: 900 });
    }
  });

  it('never complained: no error in the console, nothing against the content policy', () => {
    assert.deepEqual(
      // The seat that somebody else had taken.
      opened.flatMap((watched) => watched.complaints()).filter((complaint) => complaint !== `409: ${house().url}/api/flights/bookings`),
      [],
    );
  });
});
