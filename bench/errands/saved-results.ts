/** Results as clients save them: reads along in the indexes of their folders, and notes when each line came. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

export interface SavedResult {
  readonly order: string;
  readonly slot: number;
  readonly dueAt: number;
  readonly claimedAt: number;
  /** When its line was there. The client writes it when the file is on the disk. */
  readonly savedAt: number;
}

export interface SavedWatch {
  results(): readonly SavedResult[];
  stop(): void;
}

/** The times are later than the truth by up to this much. */
const lookEveryMs = 10;
const chunkBytes = 256 * 1_024;

export function watchSaved(folders: readonly string[]): SavedWatch {
  const results: SavedResult[] = [];
  const indexes = folders.map((folder) => ({ path: join(folder, 'index.jsonl'), file: undefined as number | undefined, rest: '' }));
  const chunk = Buffer.alloc(chunkBytes);
  const look = () => {
    for (const index of indexes) {
      if (index.file === undefined && !existsSync(index.path)) continue;
      index.file ??= openSync(index.path, 'r');
      const bytes = readSync(index.file, chunk);
      if (bytes === 0) continue;
      const savedAt = Date.now();
      const lines = (index.rest + chunk.toString('latin1', 0, bytes)).split('\n');
      index.rest = lines.pop() ?? '';
      for (const line of lines) {
        const { order, slot, dueAt, claimedAt, outcome } = JSON.parse(line) as SavedResult & { outcome?: string };
        if (outcome === 'delivered') results.push({ order, slot, dueAt, claimedAt, savedAt });
      }
    }
  };
  const timer = setInterval(look, lookEveryMs);
  return {
    results: () => results,
    stop() {
      clearInterval(timer);
      for (const { file } of indexes) if (file !== undefined) closeSync(file);
    },
  };
}
