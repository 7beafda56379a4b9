/** S11: who gets a copy of the data folder, or another account on the machine, gets no secret that opens an account or signs for the house. */
import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePort } from '#cluster/free-port.ts';
import { until } from '#testkit/until.ts';
import { startHouse, type TestHouse } from '../e2e/house.ts';

describe('the files of a house', { timeout: 300_000 }, () => {
  let house: TestHouse;
  /** What was shown once, and what must lie in clear nowhere. */
  const secrets: string[] = [];

  before(async () => {
    // A process of its own, which sets its umask.
    house = await startHouse({
      command: ['run', 'people', 'errands-api', 'flights-web'],
      env: { FLIGHTS_DEMO_TIMETABLE: 'off' },
      port: await freePort(),
    });
    // It comes on another stream than the address of the house.
    const printed = () => /\b(?:[a-z2-7]{4}-){5}[a-z2-7]{4}\b/.exec(house.output())?.[0];
    const password = await until(printed, { describe: 'the password of the admin' });
    const login = await send('/api/people/login', { email: 'admin@localhost', password });
    const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const offer = await jsonOf<{ otpauthUrl: string }>(await send('/api/people/me/second-factor', { password }, cookie));
    const shown = await jsonOf<{ secret: string }>(await fetch(`${house.url}/api/errands/webhook-secret`, { headers: { cookie } }));
    const webhooks = Buffer.from(shown.secret.replace('whsec_', ''), 'base64').toString();
    secrets.push(new URL(offer.otpauthUrl).searchParams.get('secret') ?? '', webhooks, '"d":"', password);
    assert.ok(secrets.every((secret) => secret.length >= 5) && webhooks.length === 64, shown.secret);
  });
  after(() => house.remove());

  const jsonOf = async <Body>(answer: Response) => (await answer.json()) as Body;

  async function send(path: string, body: object, cookie = ''): Promise<Response> {
    const headers = { 'content-type': 'application/json', cookie };
    const answer = await fetch(`${house.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer;
  }

  /** Of the data folder, and beside it. */
  function everyFile(): readonly string[] {
    const outer = dirname(house.dataDir);
    return readdirSync(outer, { recursive: true, withFileTypes: true }).map((entry) => join(entry.parentPath, entry.name));
  }

  it('are closed to others', () => {
    const files = everyFile();
    assert.ok(files.some((file) => file.endsWith('kontor.db')) && files.some((file) => file.endsWith('data.key')), files.join('\n'));
    assert.deepEqual(
      files.filter((file) => (statSync(file).mode & 0o077) !== 0),
      [],
    );
  });

  it('hold secrets sealed, and the key apart from them', async () => {
    await house.stop();
    const inside = everyFile().filter((file) => file.startsWith(join(house.dataDir, '/')) && statSync(file).isFile());
    const text = Buffer.concat(inside.map((file) => readFileSync(file)));
    assert.ok(text.includes('admin@localhost') && text.includes('sealed:1:'));
    for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} lies in clear`);
    const [key = ''] = readFileSync(`${house.dataDir}.key`, 'utf8').trim().split('\n').slice(-1);
    assert.ok(key.length >= 32 && !text.includes(key), 'the key lies beside the books');
  });

  it('that others may look into are named at the start', async () => {
    chmodSync(house.dataDir, 0o755);
    house = await house.restart();
    assert.match(house.output(), /others on this machine may look into the data folder: chmod -R go= /);
  });
});
