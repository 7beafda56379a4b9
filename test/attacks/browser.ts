/** A browser for attacks: it keeps its cookies, and comes from an address of its own through a proxy that the house trusts. */
import assert from 'node:assert/strict';
import { type Answer, sendTo } from '#testkit/web-server.ts';
import type { World } from './world.ts';

/** What a world needs for such browsers. */
export const behindProxy = { TRUSTED_PROXIES: '127.0.0.1', ALLOWED_HOSTS: 'localhost', DEMO: 'on' } as const;

export class Browser {
  readonly #world: World;
  readonly #address: string;
  /** By name. */
  readonly cookies = new Map<string, string>();

  constructor(world: World, address: string) {
    this.#world = world;
    this.#address = address;
  }

  get(path: string): Promise<Answer> {
    return this.#send('GET', path);
  }

  post(path: string, body: object): Promise<Answer> {
    return this.#send('POST', path, JSON.stringify(body));
  }

  /** The token in the newest letter to this address, which a demonstration shows. */
  async newestToken(email: string): Promise<string> {
    const { letters } = (await this.get('/api/people/letters')).json();
    const newest = letters.find(({ to }: { to: string }) => to === email);
    return /#([0-9a-f]{64})/.exec(newest?.text)?.[1] ?? assert.fail('no letter');
  }

  async #send(method: string, path: string, body?: string): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { 'x-forwarded-for': this.#address, cookie, ...type };
    const answer = await sendTo(this.#world.port, path, { method, headers, ...(body === undefined ? {} : { body }) });
    for (const set of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.cookies.set(name, value);
    }
    return answer;
  }
}
