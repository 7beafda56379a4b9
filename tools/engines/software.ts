/**
 * Finds an engine's programs on this machine, or unpacks their Debian packages into the engines' folder, which needs no
 * root, starts no service, and does not change the system.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lockFile } from './file-lock.ts';
import { madeFolder } from './place.ts';

export interface SoftwareNeed {
  /** The Debian packages that hold it. */
  readonly packages: readonly string[];
  /** The path of its main program, below `/` or the unpacked root; `*` stands for a version. */
  readonly program: string;
}

export interface Software {
  /** The full path of the main program. */
  readonly program: string;
  /** Empty for the system's programs, otherwise the folder that stands for `/`. */
  readonly root: string;
  /** The environment that lets unpacked programs find their libraries. */
  readonly environment: Readonly<Record<string, string>>;
}

const unpackTimeoutMs = 600_000;

export function softwareFor(need: SoftwareNeed, folder: string): Software {
  const root = path.join(folder, 'software');
  const found = findProgram('', need) ?? findProgram(root, need);
  if (found !== undefined) return found;
  const unpacked = unpackedAlone(need, folder, root);
  if (unpacked === undefined) {
    throw new Error(
      `${need.program} is in none of the packages ${need.packages.join(', ')}: install them by hand (apt-get install ${need.packages.join(' ')}).`,
    );
  }
  return unpacked;
}

/** One process at a time: all share a folder. */
function unpackedAlone(need: SoftwareNeed, folder: string, root: string): Software | undefined {
  const lock = lockFile(path.join(madeFolder(folder), 'software.lock.db'), { alone: true, waitMs: unpackTimeoutMs });
  try {
    // Another process may have unpacked it meanwhile.
    if (findProgram(root, need) === undefined) unpack(need, folder, root);
    return findProgram(root, need);
  } finally {
    lock.release();
  }
}

function findProgram(root: string, need: SoftwareNeed): Software | undefined {
  const programs = globSync(`${root}/${need.program}`).toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  const program = programs.at(-1);
  if (program === undefined) return undefined;
  const libraries =
    root === ''
      ? []
      : ['usr/lib/x86_64-linux-gnu', 'usr/lib/aarch64-linux-gnu', 'usr/lib']
          .map((name) => path.join(root, name))
          .filter((name) => existsSync(name));
  return { program, root, environment: libraries.length === 0 ? {} : { LD_LIBRARY_PATH: libraries.join(':') } };
}

/** Folders whose package lists this process has brought up to date. */
const updated = new Set<string>();

/** Asks the package manager, with separate package lists, what is missing on this machine; fetches and unpacks only that. */
function unpack(need: SoftwareNeed, folder: string, root: string): void {
  const apt = madeFolder(path.join(folder, 'apt'));
  madeFolder(path.join(apt, 'lists/partial'));
  madeFolder(path.join(apt, 'cache/archives/partial'));
  const options = [`Dir::State::Lists=${apt}/lists`, `Dir::Cache=${apt}/cache`, 'Debug::NoLocking=1', 'APT::Sandbox::User='].flatMap(
    (option) => ['-o', option],
  );
  const how = `Install them by hand: apt-get install ${need.packages.join(' ')} (as root).`;

  if (!updated.has(apt)) run('apt-get', [...options, '-qq', 'update'], folder, how);
  updated.add(apt);
  const plan = run('apt-get', [...options, '--simulate', '--no-install-recommends', 'install', ...need.packages], folder, how);
  const missing = [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] as string);
  const packages = madeFolder(path.join(apt, 'packages'));
  run('apt-get', [...options, '-qq', 'download', ...missing], packages, how);
  madeFolder(root);
  for (const file of readdirSync(packages)) {
    run('dpkg', ['-x', path.join(packages, file), root], folder, how);
    rmSync(path.join(packages, file));
  }
  tellErlangWhereItIs(root);
}

/** Debian's Erlang has a fixed path in one start script. */
function tellErlangWhereItIs(root: string): void {
  const script = path.join(root, 'usr/lib/erlang/bin/erl');
  if (!existsSync(script)) return;
  writeFileSync(script, readFileSync(script, 'utf8').replaceAll(/^(\s*)ROOTDIR=\/usr\/lib\/erlang$/gm, `$1ROOTDIR=${root}/usr/lib/erlang`));
}

function run(command: string, args: readonly string[], cwd: string, how: string): string {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 300_000, env: { ...process.env, LC_ALL: 'C' } });
  if (result.error !== undefined) throw new Error(`${command} could not be run: ${result.error.message}. ${how}`);
  if (result.status !== 0) throw new Error(`${command} ${args.at(-1)} failed: ${result.stderr.trim()}\n${how}`);
  return result.stdout;
}
