/** The role `web`: serves the built files of the browser app, and its page for every path that is a page of the app. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { KontorError } from '#core/errors.ts';
import type { Role } from '#core/role.ts';
import { etagMatches } from './etags.ts';
import { FirstData } from './first-data.ts';
import { type Encoding, encodings, readStaticFiles, type StaticFile, type StaticFiles } from './static-files.ts';
import type { Web } from './types.ts';

export interface StaticWebOptions {
  /** The folder of the built app: `web/dist`. */
  readonly folder: string;
}

export function webRole({ folder }: StaticWebOptions): Role<Web> {
  return {
    name: 'web',
    says: "Serves the browser app's files.",
    needs: [],
    instances: 'many',
    async start({ ports }) {
      let files = await readStaticFiles(folder);
      if (files === undefined) ports.log.warn({ folder }, 'the web app is not built: run npm run build');
      /** The app may be built while the process runs. */
      async function current(): Promise<StaticFiles | undefined> {
        files ??= await readStaticFiles(folder);
        return files;
      }
      return {
        web: { routes: (server) => addFileRoutes(server, new FirstData(server, ports.clock), current) },
        status: () =>
          files === undefined
            ? { ready: false, says: 'the web app is not built: run npm run build' }
            : { ready: true, says: `serving ${files.size} files` },
        stop: async () => {},
      };
    },
  };
}

/** Paths for programs: a missing one is answered with 404, not with the page of the app. */
const notPages = /^\/(api|live|metrics|healthz|livez|ready|readyz|assets)(\/|$)/;

function addFileRoutes(server: FastifyInstance, firstData: FirstData, current: () => Promise<StaticFiles | undefined>): void {
  server.get('/*', { schema: { hide: true } }, async (request, reply) => {
    const path = pathOf(request);
    const page = isNavigation(request, path);
    const files = await current();
    if (files === undefined) {
      if (page) return reply.code(503).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(notBuiltPage);
      throw notFound(path);
    }
    const file = files.get(path === '/' ? '/index.html' : path) ?? (page ? pageFor(path, files) : undefined);
    if (file === undefined) throw notFound(path);
    const { host } = request.headers;
    const filled = page && host !== undefined ? await firstData.in(file, host) : file;
    return sendFile(request, reply, filled, filled === file ? undefined : 'no-store');
  });
}

/** `/flights` and all below it may have a page of their own: see web/area-pages.ts. */
function pageFor(path: string, files: StaticFiles): StaticFile | undefined {
  return files.get(`/${path.split('/')[1]}.html`) ?? files.get('/index.html');
}

function notFound(path: string): KontorError {
  return new KontorError('not_found', `There is nothing at ${path}; /api/docs lists all routes.`);
}

async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: StaticFile,
  // With `no-cache`, browsers keep a copy and revalidate it, so a new version appears at the next visit.
  cacheControl = file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
): Promise<FastifyReply> {
  const encoding = encodings.find((name) => accepts(request.headers['accept-encoding'], name));
  const encoded = encoding === undefined ? undefined : await file.encoded(encoding);
  const etag = `"${file.hash}${encoded === undefined ? '' : `-${encoding}`}"`;
  reply.header('etag', etag).header('vary', 'accept-encoding').header('cache-control', cacheControl);
  if (etagMatches(request.headers['if-none-match'], etag)) return reply.code(304).send();
  reply.type(file.mediaType);
  if (encoded !== undefined) reply.header('content-encoding', encoding);
  return reply.send(encoded ?? file.body);
}

/** `gzip, br;q=0` accepts gzip only. */
function accepts(header: string | undefined, encoding: Encoding): boolean {
  for (const part of (header ?? '').split(',')) {
    const [name, ...parameters] = part.split(';').map((word) => word.trim().toLowerCase());
    if (name === encoding) return !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  }
  return false;
}

function isNavigation(request: FastifyRequest, path: string): boolean {
  return !notPages.test(path) && (request.headers.accept ?? '').includes('text/html');
}

/** The decoded path; Fastify refuses invalid escapes before. */
function pathOf(request: FastifyRequest): string {
  return `/${(request.params as { '*': string })['*']}`;
}

const notBuiltPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Kontor: the web app is not built</title>
<link rel="stylesheet" href="/api/docs/style.css">
<main>
<h1>The web app is not built yet</h1>
<p>Run <code>npm run build</code> in Kontor's folder, then reload this page. The house does not need a restart.</p>
<p>The API works without it: <a href="/api/docs">read its documentation</a>.</p>
</main>
</html>
`;
