/** Packages that only the benchmarks of errands compare with: installed into the engines' folder when first needed, not into the project. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { enginesFolder, madeFolder } from '../../tools/engines/place.ts';
import { pythonPrograms, runToEnd } from '../../tools/engines/python.ts';

const npmPackages = { 'graphile-worker': '0.18.0', 'pg-boss': '12.38.0', '@crawlee/http': '3.18.1', pg: '8.16.3' } as const;
const scrapyVersion = '2.19.0';

/** The folder in whose `node_modules` they are. */
export function npmPeers(): string {
  const folder = path.join(madeFolder(path.join(enginesFolder(), 'software')), 'errands-peers');
  const done = path.join(folder, 'installed');
  if (existsSync(done)) return folder;
  rmSync(folder, { recursive: true, force: true });
  madeFolder(folder);
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: npmPackages }));
  runToEnd('npm', ['install', '--silent', '--no-audit', '--no-fund'], folder);
  writeFileSync(done, '');
  return folder;
}

/** The Python that has Scrapy. */
export function scrapyPython(): string {
  const folder = path.join(madeFolder(path.join(enginesFolder(), 'software')), `scrapy-${scrapyVersion}`);
  return path.join(pythonPrograms(folder, 'scrapy', [`scrapy==${scrapyVersion}`]), 'python');
}
