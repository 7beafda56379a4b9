/** Opening an account of a demonstration over HTTP, by the letter that it shows. */
import { ask } from './house-client.ts';

export interface OpenedAccount {
  readonly id: string;
  /** Of its session, with its name. */
  readonly cookie: string;
}

export async function openAccount(
  url: string,
  { email, name, password }: { readonly email: string; readonly name: string; readonly password: string },
): Promise<OpenedAccount> {
  await ask(url, { method: 'POST', path: '/api/people/sign-up', body: { email, name } });
  const { letters } = await ask<{ letters: readonly ShownLetter[] }>(url, { method: 'GET', path: '/api/people/letters' });
  const confirm = { token: tokenFor(email, letters), password };
  const { body, cookie } = await beginSession<{ id: string }>(url, '/api/people/sign-up/confirm', confirm);
  return { id: body.id, cookie };
}

interface ShownLetter {
  readonly to: string;
  readonly text: string;
}

/** From the link in the newest letter to this address. */
export function tokenFor(email: string, letters: readonly ShownLetter[]): string | undefined {
  return /#([0-9a-f]{64})$/m.exec(letters.find(({ to }) => to === email)?.text ?? '')?.[1];
}

/** By a request that is answered with a cookie. */
export async function beginSession<Body>(
  url: string,
  path: string,
  body: object,
): Promise<{ readonly body: Body; readonly cookie: string }> {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`);
  return { body: (await answer.json()) as Body, cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
}
