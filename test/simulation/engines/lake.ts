/** The Lake of a simulated world: files in memory, the same for all processes. */
import { expectLakeFile, expectLakeFolder } from '#core/lake-path.ts';
import type { Lake } from '#core/ports/lake.ts';
import type { Trace } from '../trace.ts';
import { type Caller, call, unreachable } from './call.ts';

/** Where programs that read files find those of the lake. */
export const lakeFolder = '/simulated-lake/';

export class SimulatedLake {
  readonly files = new Map<string, Uint8Array>();
  readonly #trace: Trace;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  for(caller: Caller): Lake {
    const { files } = this;
    return {
      create: (path, content) =>
        call(caller, 'lake', 'write', ({ ending }) => {
          expectLakeFile(path);
          if (ending === 'broken off') throw unreachable('lake', 'broke off');
          const outcome = files.has(path) ? 'exists' : 'created';
          if (outcome === 'created') files.set(path, Uint8Array.from(content));
          this.#trace.note(`${caller.process.name} lake ${path} ${content.byteLength} ${outcome}`);
          return outcome;
        }),
      read: (path) => call(caller, 'lake', 'read', () => files.get(path)),
      list: (folder, page) =>
        call(caller, 'lake', 'read', () => {
          expectLakeFolder(folder);
          return this.#list(folder, page);
        }),
      remove: (path) =>
        call(caller, 'lake', 'write', ({ ending }) => {
          if (ending === 'broken off') throw unreachable('lake', 'broke off');
          files.delete(path);
          this.#trace.note(`${caller.process.name} lake removes ${path}`);
        }),
      local: (path) =>
        call(caller, 'lake', 'read', () => (files.has(path) ? { file: `${lakeFolder}${path}`, release: () => {} } : undefined)),
      ping: () => call(caller, 'lake', 'read', () => {}),
      close: async () => {},
    };
  }

  /** As somebody has it who looks at the world from outside. */
  outside(): Lake {
    const { files } = this;
    const refuse = () => Promise.reject(new Error('nobody writes to the lake from outside'));
    return {
      create: refuse,
      read: async (path) => files.get(path),
      list: async (folder, page) => this.#list(folder, page),
      remove: refuse,
      local: async (path) => (files.has(path) ? { file: `${lakeFolder}${path}`, release: () => {} } : undefined),
      ping: async () => {},
      close: async () => {},
    };
  }

  #list(folder: string, { after = '', limit }: { readonly after?: string | undefined; readonly limit: number }) {
    const within = folder === '' ? '' : `${folder}/`;
    const paths = [...this.files.keys()].filter((path) => path.startsWith(within) && path > after).sort();
    return paths.slice(0, limit).map((path) => ({ path, bytes: this.files.get(path)?.byteLength ?? 0 }));
  }
}
