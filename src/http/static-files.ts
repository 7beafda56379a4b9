/** Keeps the files of the built web app in memory. Each file is compressed once per encoding, at the first request for it. */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { KontorError } from '#core/errors.ts';
import { hashOf } from './etags.ts';

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

export const encodings = ['br', 'gzip'] as const;
export type Encoding = (typeof encodings)[number];

export interface StaticFile {
  readonly mediaType: string;
  readonly body: Buffer;
  /** The hash of the uncompressed body. */
  readonly hash: string;
  /** The name has a hash of the content, so the content never changes. */
  readonly immutable: boolean;
  /** The encoded body, or undefined if it is not smaller. */
  encoded(encoding: Encoding): Promise<Buffer | undefined>;
}

/** By path, such as `/index.html`. */
export type StaticFiles = ReadonlyMap<string, StaticFile>;

/** The app has a few dozen files. These limits detect a wrong folder, such as a home folder. */
const maxFiles = 2_000;
const maxBytes = 64 * 1_048_576;

/** All files below the folder; undefined if it has no `index.html`. */
export async function readStaticFiles(folder: string): Promise<StaticFiles | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  if (!names.includes('index.html')) return undefined;
  if (names.length > maxFiles) throw wrongFolder(folder, `more than ${maxFiles} files`);

  const present = new Set(names);
  const files = new Map<string, StaticFile>();
  let bytes = 0;
  for (const name of names) {
    if (isPrecompressed(name, present)) continue;
    const body = await readFile(join(folder, name));
    bytes += body.byteLength;
    if (bytes > maxBytes) throw wrongFolder(folder, `more than ${maxBytes / 1_048_576} MiB`);
    files.set(
      `/${name}`,
      staticFile(name, body, (encoding) => readPrecompressed(folder, name, encoding, present)),
    );
  }
  return files;
}

function wrongFolder(folder: string, what: string): KontorError {
  return new KontorError('invalid_option', `${folder} has ${what}: it is not the built web app; build the app with npm run build`);
}

export function staticFile(
  name: string,
  body: Buffer,
  precompressed: (encoding: Encoding) => Promise<Buffer | undefined> = async () => undefined,
): StaticFile {
  const mediaType = mediaTypes[extname(name)] ?? 'application/octet-stream';
  const forms = new Map<Encoding, Promise<Buffer | undefined>>();

  async function compressed(encoding: Encoding): Promise<Buffer | undefined> {
    const ready = (await precompressed(encoding)) ?? (await compress(encoding, body));
    return ready.byteLength < body.byteLength ? ready : undefined;
  }

  return {
    mediaType,
    body,
    hash: hashOf(body),
    immutable: /^assets\/.+-[\w-]{8,}\.\w+$/.test(name),
    encoded(encoding) {
      if (!isText(mediaType)) return Promise.resolve(undefined);
      const form = forms.get(encoding) ?? compressed(encoding);
      forms.set(encoding, form);
      return form;
    },
  };
}

function compress(encoding: Encoding, body: Buffer): Promise<Buffer> {
  // For a bundle, quality 5 takes milliseconds; quality 11 takes a second, and saves 10 % more.
  if (encoding === 'br')
    return compressBrotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: body.byteLength } });
  return compressGzip(body);
}

const suffixes: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' };

function isPrecompressed(name: string, present: ReadonlySet<string>): boolean {
  return encodings.some((encoding) => name.endsWith(suffixes[encoding]) && present.has(name.slice(0, -suffixes[encoding].length)));
}

async function readPrecompressed(
  folder: string,
  name: string,
  encoding: Encoding,
  present: ReadonlySet<string>,
): Promise<Buffer | undefined> {
  const file = name + suffixes[encoding];
  return present.has(file) ? readFile(join(folder, file)) : undefined;
}

function isText(mediaType: string): boolean {
  return /^text\/|javascript|json|svg|manifest/.test(mediaType);
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};
