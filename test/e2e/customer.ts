/** What a customer does in the browser, step by step: opening an account from its letter, logging in. */
import type { Page } from 'playwright-core';
import { english as people } from '#modules/people/web/english.ts';
import { english } from '../../web/src/language/english.ts';

export const goodPassword = 'seven ships in the bay';

/** From the sign-up page to the page after it; the demonstration shows the letter. */
export async function signUp(page: Page, { name, email }: { name: string; email: string }): Promise<void> {
  await page.getByLabel(people.signUp.name).fill(name);
  await page.getByLabel(people.login.email).fill(email);
  await page.getByRole('button', { name: people.signUp.submit }).click();
  await page.getByRole('link', { name: people.letter.open }).click();
  await page.getByLabel(people.open.password).fill(goodPassword);
  await page.getByRole('button', { name: people.open.submit }).click();
  await page.getByText(people.open.opened).waitFor();
}

export async function logIn(page: Page, { email, password = goodPassword }: { email: string; password?: string }): Promise<void> {
  await page.getByLabel(people.login.email).fill(email);
  await page.getByLabel(people.login.password).fill(password);
  await page.getByRole('button', { name: people.login.submit }).click();
}

/** Admins are asked for a second factor first. */
export async function logInAsAdmin(page: Page, password: string): Promise<void> {
  await logIn(page, { email: 'admin@localhost', password });
  await page.getByRole('button', { name: people.login.protectLater }).click();
}

export async function logOut(page: Page): Promise<void> {
  await openPanel(page);
  await page.locator('.band').getByRole('button', { name: english.session.logOut }).click();
  await readNews(page, english.session.loggedOut);
}

/** Waits for a message about what was just done, and puts it away: the same one may come again soon, and must not be taken for it. */
export async function readNews(page: Page, text: string): Promise<void> {
  const message = page.locator('.toast', { hasText: text }).first();
  await message.waitFor();
  // It may leave by itself at this very moment.
  await message
    .getByRole('button')
    .click({ timeout: 2_000 })
    .catch(() => {});
  await message.waitFor({ state: 'hidden' });
}

/** To what is one's own, through the band. */
export async function openPanelLink(page: Page, name: string): Promise<void> {
  await openPanel(page);
  await page.getByRole('link', { name, exact: true }).click();
}

async function openPanel(page: Page): Promise<void> {
  await page.locator('.band').getByRole('button', { name: english.session.account }).click();
}
