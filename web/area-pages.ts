/**
 * A page of HTML for each area whose code is loaded on demand: it names that code at once, so that it comes beside the app and not
 * after it. `/flights` and all below it are served `flights.html`; what the pages ask for first is in `first-requests.json` of the area.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, Rollup } from 'vite';

const areaFile = /\/src\/modules\/([a-z]+)\/web\/\1-area\.tsx$/;

export function areaPages(modulesFolder: string): Plugin {
  return {
    name: 'area-pages',
    apply: 'build',
    writeBundle({ dir = '' }, bundle) {
      const chunks = Object.values(bundle).filter((part) => part.type === 'chunk');
      const page = readFileSync(join(dir, 'index.html'), 'utf8');
      const everywhere = requestLinks(join(modulesFolder, '../../web/first-requests.json'));
      const isThere = new Set(chunks.filter(({ isEntry }) => isEntry).flatMap((entry) => [entry.fileName, ...entry.imports]));
      for (const chunk of chunks) {
        const [, module] = areaFile.exec(chunk.facadeModuleId ?? '') ?? [];
        if (module === undefined || !chunk.isDynamicEntry) continue;
        const own = requestLinks(join(modulesFolder, module, 'web/first-requests.json'));
        writeFileSync(join(dir, `${module}.html`), withHints(page, [...linksFor(chunk, isThere), ...own, ...everywhere]));
      }
      writeFileSync(join(dir, 'index.html'), withHints(page, everywhere));
    },
  };
}

function withHints(page: string, hints: readonly string[]): string {
  return page.replace('</head>', `  ${hints.join('\n    ')}\n  </head>`);
}

function linksFor(chunk: Rollup.OutputChunk, isThere: ReadonlySet<string>): string[] {
  const scripts = [chunk.fileName, ...chunk.imports].filter((file) => !isThere.has(file));
  return [
    ...[...(chunk.viteMetadata?.importedCss ?? [])].map((file) => `<link rel="preload" as="style" crossorigin href="/${file}">`),
    ...scripts.map((file) => `<link rel="modulepreload" crossorigin href="/${file}">`),
  ];
}

/** Requests for what everybody may read, and gets alike. */
function requestLinks(file: string): string[] {
  const paths: string[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  return paths.map((path) => `<link rel="preload" as="fetch" crossorigin href="${path.replaceAll('&', '&amp;')}">`);
}
