/** Getting in, in a real browser: second factor, recovery codes, a forgotten password; and what one's own account's page does. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { fromBase32 } from '#modules/people/domain/secrets.ts';
import { stepAt, totpCode } from '#modules/people/domain/totp.ts';
import { peopleRefusals } from '#modules/people/refusals.ts';
import { english as people } from '#modules/people/web/english.ts';
import { names } from '#modules/people/web/names.ts';
import { until } from '#testkit/until.ts';
import { english } from '../../web/src/language/english.ts';
import { formatsFor } from '../../web/src/language/formats.ts';
import { accessibilityProblems } from './accessibility.ts';
import { goodPassword, logIn, logOut, openPanelLink, readNews, signUp } from './customer.ts';
import { browser, closesPages, house } from './visited-house.ts';
import { openPage } from './watched-page.ts';

const email = 'grace@example.org';
const refused = (name: 'wrong-password' | 'wrong-code' | 'wrong-login' | 'link-expired' | 'password-own-name') =>
  peopleRefusals[name].en({}, formatsFor('en'));
const newPassword = 'eleven gulls over the quay';

describe('the entrance and the account', () => {
  let page: Page;
  let secret: Uint8Array;
  let recoveryCodes: readonly string[] = [];
  closesPages();

  before(async () => {
    ({ page } = await openPage(browser()));
    await page.goto(`${house().url}/sign-up`);
    await signUp(page, { name: 'Grace Hopper', email });
  });

  const presentPassword = () => page.getByRole('dialog').getByLabel(people.account.present);
  const sheet = (name: string) => page.getByRole('region', { name, exact: true });

  it('sets up a second factor with the secret of its QR code, and shows the recovery codes once', async () => {
    await openPanelLink(page, names.account.en);
    await page.getByRole('button', { name: people.secondFactor.begin }).click();
    await presentPassword().fill('not my password');
    await page.getByRole('button', { name: people.secondFactor.next }).click();
    await page.getByText(refused('wrong-password')).waitFor();
    await presentPassword().fill(goodPassword);
    await page.getByRole('button', { name: people.secondFactor.next }).click();

    await page.getByRole('img', { name: people.secondFactor.qr }).waitFor();
    const drawn = () => page.locator('.offer-qr').evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth);
    await until(drawn, { describe: 'the QR code as a picture that the content policy lets be shown' });
    assert.deepEqual(await accessibilityProblems(page), []);
    secret = fromBase32(((await page.locator('.secret').textContent()) ?? '').replaceAll(' ', ''));

    await page.getByLabel(people.secondFactor.code).fill('000000');
    await page.getByRole('button', { name: people.secondFactor.confirm }).click();
    await page.getByText(refused('wrong-code')).waitFor();
    await page.getByLabel(people.secondFactor.code).fill(totpCode(secret, stepAt(Date.now())));
    await page.getByRole('button', { name: people.secondFactor.confirm }).click();
    await page.locator('.recovery-codes li').first().waitFor();
    recoveryCodes = await page.locator('.recovery-codes li').allTextContents();
    assert.equal(new Set(recoveryCodes).size, recoveryCodes.length);
    await page.getByRole('button', { name: people.secondFactor.kept }).click();
    await page.getByText(people.secondFactor.recoveryLeft(String(recoveryCodes.length))).waitFor();
  });

  it('asks for the code at the next login, and refuses a wrong one', async () => {
    await logOut(page);
    await page.getByRole('button', { name: people.login.submit }).click();
    await page.getByText(english.fields.missing).first().waitFor();
    await logIn(page, { email, password: 'not my password' });
    await page.getByText(refused('wrong-login')).waitFor();
    await logIn(page, { email });
    await page.getByRole('heading', { name: people.login.codeTitle }).waitFor();
    assert.equal(await page.evaluate<string>("document.activeElement?.getAttribute('name')"), 'code', 'one can type at once');
    await page.getByLabel(people.login.code).fill('000000');
    await page.getByRole('button', { name: people.login.submit }).click();
    await page.getByText(people.login.wrongCode).waitFor();
    // Each code counts once: the next one already does, so that nobody has to wait for it here.
    await page.getByLabel(people.login.code).fill(totpCode(secret, stepAt(Date.now()) + 1));
    await page.getByRole('button', { name: people.login.submit }).click();
    await readNews(page, people.login.welcome('Grace Hopper'));
  });

  it('lets in with a recovery code in place of the phone, once', async () => {
    await logOut(page);
    await logIn(page, { email });
    await page.getByLabel(people.login.code).fill(recoveryCodes[0] ?? '');
    await page.getByRole('button', { name: people.login.submit }).click();
    await readNews(page, people.login.welcome('Grace Hopper'));

    await logOut(page);
    await logIn(page, { email });
    await page.getByLabel(people.login.code).fill(recoveryCodes[0] ?? '');
    await page.getByRole('button', { name: people.login.submit }).click();
    await page.getByText(people.login.wrongCode).waitFor();
    await page.getByLabel(people.login.code).fill(recoveryCodes[1] ?? '');
    await page.getByRole('button', { name: people.login.submit }).click();
    await readNews(page, people.login.welcome('Grace Hopper'));
  });

  it('makes an access token that works, shows it once, and revokes it', async () => {
    await openPanelLink(page, names.account.en);
    await page.getByLabel(people.tokens.name).fill('laptop');
    await page.getByRole('button', { name: people.tokens.make }).click();
    const token = (await page.getByRole('dialog').locator('.secret').textContent()) ?? '';
    const me = () => fetch(`${house().url}/api/coins/wallet`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal((await me()).status, 200);
    await page.getByRole('button', { name: english.house.close, exact: true }).click();
    await page.getByRole('button', { name: people.tokens.revoke }).click();
    await page.getByText(people.tokens.revoked('laptop')).waitFor();
    assert.equal((await me()).status, 401);
  });

  it('lists where one is logged in, and logs out there', async () => {
    const elsewhere = (await openPage(browser())).page;
    await elsewhere.goto(`${house().url}/login?next=/account`);
    await logIn(elsewhere, { email });
    await elsewhere.getByLabel(people.login.code).fill(recoveryCodes[2] ?? '');
    await elsewhere.getByRole('button', { name: people.login.submit }).click();
    await elsewhere.getByRole('heading', { name: people.account.title }).waitFor();

    await page.reload();
    const sessions = sheet(people.sessions.title);
    await sessions.getByRole('button', { name: people.sessions.endAll }).click();
    await until(async () => (await sessions.getByRole('button', { name: people.sessions.end, exact: true }).count()) === 1, {
      describe: 'only this session',
    });
    await sessions.getByText(people.sessions.current).waitFor();
    // There it shows at the next thing that one does.
    await elsewhere.getByRole('button', { name: people.account.saveName }).click();
    await elsewhere.getByRole('heading', { name: english.session.needed }).waitFor();
  });

  it('changes name and password, keeps the access token that is ticked, and tells what happened', async () => {
    await page.getByLabel(people.tokens.name).fill('tablet');
    await page.getByRole('button', { name: people.tokens.make }).click();
    const token = (await page.getByRole('dialog').locator('.secret').textContent()) ?? '';
    await page.getByRole('button', { name: english.house.close, exact: true }).click();
    await page.getByLabel(people.account.name, { exact: true }).fill('Rear Admiral Hopper');
    await page.getByRole('button', { name: people.account.saveName }).click();
    await page.getByText(people.account.nameSaved).waitFor();
    await sheet(people.account.password).getByLabel(people.account.present).fill(goodPassword);
    await sheet(people.account.password).getByLabel(people.account.newPassword).fill(newPassword);
    await sheet(people.account.password).getByLabel(people.account.keepToken('tablet')).check();
    await page.getByRole('button', { name: people.account.changePassword }).click();
    await page.getByText(people.account.passwordChanged).waitFor();
    const kept = await fetch(`${house().url}/api/coins/wallet`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(kept.status, 200);
    await page.reload();
    await sheet(people.events.title).getByText(people.events.kinds['password-changed']).waitFor();
    await sheet(people.events.title).getByRole('button', { name: english.house.more }).click();
    await sheet(people.events.title).getByText(people.events.kinds['second-factor-on']).waitFor();
  });

  it('changes the address with the link of a letter to the new one', async () => {
    const elsewhere = (await openPage(browser())).page;
    await elsewhere.goto(`${house().url}/sign-up?next=/account`);
    await signUp(elsewhere, { name: 'Annie Easley', email: 'annie@example.org' });
    await elsewhere.getByRole('button', { name: people.account.changeEmail }).click();
    const profile = elsewhere.getByRole('region', { name: people.account.profile, exact: true });
    await profile.getByLabel(people.account.newEmail).fill('easley@example.org');
    await profile.getByLabel(people.account.present).fill(goodPassword);
    await profile.getByRole('button', { name: people.account.changeEmail }).click();
    await elsewhere.getByRole('link', { name: people.letter.open }).click();
    await elsewhere.getByRole('button', { name: people.account.confirmEmailSubmit }).click();
    await elsewhere.getByText(people.account.emailChanged).waitFor();
    await profile.getByText('easley@example.org').waitFor();
  });

  it('gives a new password to who forgot it, with the letter of the demonstration', async () => {
    await logOut(page);
    await page.getByRole('link', { name: people.login.forgotten }).click();
    await page.getByLabel(people.login.email).fill(email);
    await page.getByRole('button', { name: people.forgotten.submit }).click();
    await page.getByRole('link', { name: people.letter.open }).click();
    await page.getByRole('heading', { name: people.reset.title }).waitFor();
    const link = page.url();
    await page.getByLabel(people.open.password).fill('grace@example.org');
    await page.getByRole('button', { name: people.reset.submit }).click();
    await page.getByText(refused('password-own-name')).first().waitFor();
    await page.getByLabel(people.open.password).fill(goodPassword);
    await page.getByRole('button', { name: people.reset.submit }).click();
    await page.getByText(people.reset.done).waitFor();
    await logIn(page, { email });
    await page.getByRole('heading', { name: people.login.codeTitle }).waitFor();

    await page.goto('about:blank');
    await page.goto(link);
    await page.getByLabel(people.open.password).fill(newPassword);
    await page.getByRole('button', { name: people.reset.submit }).click();
    await page.getByText(refused('link-expired')).waitFor();
  });

  it('says so when a link was cut', async () => {
    await page.goto(`${house().url}/account/open#abc`);
    await page.getByRole('heading', { name: people.open.brokenLink }).waitFor();
  });

  it('keeps the way to a page that needs an account, and leads nowhere else', async () => {
    await page.goto(`${house().url}/login?next=//evil.example/`);
    await page.getByRole('link', { name: people.login.toSignUp }).click();
    await page.waitForURL((url) => url.pathname !== '/login');
    assert.equal(new URL(page.url()).search, '');
  });
});
