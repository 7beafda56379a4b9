/**
 * Builds the browser app into web/dist: `--always`, or only when it is missing or older than its sources (npm start).
 * Prints why when it does not build: npm runs it as `prepare`, also where no build is wanted. Then packs packages that load slowly.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packPackages } from './pack-packages.js';

const root = new URL('../', import.meta.url);
const vite = fileURLToPath(new URL('node_modules/vite/bin/vite.js', root));
const built = new URL('web/dist/index.html', root);
const modules = new URL('src/modules/', root);
const areas = existsSync(modules) ? readdirSync(modules).map((name) => `src/modules/${name}/web/`) : [];
const sources = [
  'web/src/',
  ...areas,
  'web/public/',
  'web/index.html',
  'web/vite.config.ts',
  'web/area-pages.ts',
  'web/first-requests.json',
  'package-lock.json',
];
const timeoutMs = 180_000;

if (process.argv.includes('--always') || newestMs(sources) > (existsSync(built) ? statSync(built).mtimeMs : 0)) build();
if (existsSync(vite)) await packPackages();

function build() {
  if (!existsSync(new URL('web/src/main.tsx', root))) return leaveOut('there are no sources in web/');
  if (!existsSync(vite)) return leaveOut('the developer packages are not installed (npm ci without --omit=dev brings them)');
  const { status, error } = spawnSync(process.execPath, [vite, 'build', 'web', '--config', 'web/vite.config.ts', '--logLevel', 'warn'], {
    cwd: fileURLToPath(root),
    stdio: 'inherit',
    timeout: timeoutMs,
  });
  if (error) console.error(`The browser app was not built: ${error.message}`);
  process.exitCode = status ?? 1;
}

function leaveOut(reason) {
  console.error(`The browser app is not built: ${reason}.`);
}

/** The latest modification time of the files, and of the files in the folders. */
function newestMs(paths) {
  const times = paths
    .map((path) => new URL(path, root))
    .filter((url) => existsSync(url))
    .map((url) => (url.pathname.endsWith('/') ? newestIn(url) : statSync(url).mtimeMs));
  return Math.max(0, ...times);
}

function newestIn(folder) {
  const times = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(`${entry.parentPath}/${entry.name}`).mtimeMs);
  return Math.max(0, ...times);
}
