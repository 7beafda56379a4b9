/** The Cache of a simulated world: the product's cache on a server that processes share, and that forgets everything now and then. */
import type { Cache } from '#core/ports/cache.ts';
import type { Random } from '#core/ports/random.ts';
import { openSharedCache } from '#engines/cache/shared.ts';
import type { SharedStore } from '#engines/cache/shared-store.ts';
import type { SimulatedProcess } from '../process.ts';

const answerMs = 0.5;

export class CacheServer {
  readonly #items = new Map<string, string>();
  isAway = false;

  forgetAll(): void {
    this.#items.clear();
  }

  for(process: SimulatedProcess, random: Random): Cache {
    const asked = <Result>(work: () => Result): Promise<Result> =>
      new Promise((resolve, reject) => {
        process.later(answerMs, () => (this.isAway ? reject(new Error('the simulated cache is away')) : resolve(work())));
      });
    const items = this.#items;
    const store: SharedStore = {
      get: (key) => asked(() => items.get(key)),
      replace: (key, mark, item) =>
        asked(() => {
          if (!(items.get(key) ?? '').startsWith(mark) || (mark === '' && items.has(key))) return false;
          items.set(key, item);
          return true;
        }),
      remove: (key, mark = '') => asked(() => void (items.get(key)?.startsWith(mark) && items.delete(key))),
      close: async () => {},
    };
    return openSharedCache({ store, clock: process.clock, random });
  }
}
