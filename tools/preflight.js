/**
 * Runs before every npm script: installs what is missing, including Node 26, and reports it. Silent when nothing is missing.
 * Plain JavaScript for old Nodes, because an old Node may run it before anything is installed. The npm scripts call it through
 * `env`: a shell remembers where it found `node` and would run the rest of the script on the old one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const neededMajor = 26;
const root = new URL('../', import.meta.url);
const major = Number(process.versions.node.split('.')[0]);

const outdated = whatIsOutdated();
if (outdated) {
  console.log(`Installing the packages with npm ci, because ${outdated}. This takes about a minute.`);
  if (!npm('ci', '--prefer-offline')) {
    fail(`The packages could not be installed: npm says why above.
Installing needs the network once. Check the connection, and \`npm config get registry\` and \`npm config get proxy\`; then try again.`);
  }
}

if (major < neededMajor && !nodeIsThere()) {
  console.log(`Installing Node ${neededMajor} with npm rebuild node, because install scripts were switched off.`);
  npm('rebuild', 'node', '--ignore-scripts=false');
  if (!nodeIsThere()) {
    fail(`Kontor runs on Node ${neededMajor}, and this is Node ${process.versions.node}.

npm brings Node ${neededMajor} as the package \`node\`, whose install script puts the program in place. That script did not run, or
it had no network. Do one of these, then try again:
  npm rebuild node --ignore-scripts=false  with a network and with install scripts allowed
  (or install Node ${neededMajor} or newer yourself)`);
  }
}

/** Why the packages must be installed; undefined when they match the lock file. */
function whatIsOutdated() {
  const installed = packagesOf('node_modules/.package-lock.json');
  if (!installed) return 'they are not there yet';
  const locked = packagesOf('package-lock.json') ?? {};
  const omitted = /\bdev\b/.test(process.env.npm_config_omit ?? '') || process.env.NODE_ENV === 'production' ? ['dev', 'devOptional'] : [];
  const differs = Object.entries(locked).some(([path, { version, integrity, ...flags }]) => {
    if (path === '') return false;
    // npm lists some packages as installed that only its lock file names.
    const there = existsSync(new URL(`${path}/package.json`, root)) ? installed[path] : undefined;
    // Packages for other systems are optional and not installed.
    if (!there) return !flags.optional && !omitted.some((flag) => flags[flag]);
    return there.version !== version || there.integrity !== integrity;
  });
  return differs ? 'package-lock.json names other versions than are there' : undefined;
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(new URL(lockFile, root), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function nodeIsThere() {
  return ['bin/node', 'bin/node.exe'].some((file) => existsSync(new URL(`node_modules/node/${file}`, root)));
}

/** Runs the npm that runs this script, or the one on the PATH. Returns whether it succeeded. */
function npm(...args) {
  const { npm_execpath: program = '', npm_node_execpath: node = process.execPath } = process.env;
  const options = { cwd: fileURLToPath(root), stdio: 'inherit' };
  const { status, error } = /npm-cli\.c?js$/.test(program) ? spawnSync(node, [program, ...args], options) : spawnSync('npm', args, options);
  if (error) console.error(error.message);
  return status === 0;
}

function fail(text) {
  console.error(`\n${text}\n`);
  process.exit(1);
}
