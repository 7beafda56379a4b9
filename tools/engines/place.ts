/** The place of engines on this machine: their private folder, user and ports. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The folder of the checkout. */
export const projectFolder = path.resolve(import.meta.dirname, '../..');

export interface EnginePlace {
  /** The engine's folder: its data, log and settings. */
  readonly folder: string;
  /** Where programs are unpacked that the system does not have. */
  readonly softwareFolder: string;
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Engines never run as root: PostgreSQL refuses it, and the others do not need it. When root starts them, they run as
 * `nobody`; otherwise as the current user (undefined).
 */
function engineUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const number = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: number('-u'), gid: number('-g') };
}

/** The command line that runs `command` as the engines' user; the process id stays that of the command. */
export function asEngineUser(command: string, args: readonly string[]): { command: string; args: readonly string[] } {
  const user = engineUser();
  if (user === undefined) return { command, args };
  return { command: 'setpriv', args: [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', command, ...args] };
}

/**
 * `./.engines`, or a folder of the same kind under the system's temporary one where the engines' user cannot reach the
 * checkout (one below root's own folder, for instance).
 */
export function enginesFolder(): string {
  const inProject = path.join(projectFolder, '.engines');
  mkdirSync(inProject, { recursive: true });
  const look = asEngineUser('test', ['-x', inProject]);
  if (spawnSync(look.command, look.args).status === 0) return inProject;
  const name = createHash('sha256').update(projectFolder).digest('hex').slice(0, 12);
  return madeFolder(path.join(tmpdir(), `kontor-engines-${name}`));
}

export function madeFolder(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A folder owned by the engines' user, which no other user can read. */
export function ownedFolder(folder: string): string {
  madeFolder(folder);
  chmodSync(folder, 0o700);
  giveToEngineUser(folder);
  return folder;
}

export function giveToEngineUser(target: string): void {
  const user = engineUser();
  if (user !== undefined) chownSync(target, user.uid, user.gid);
}

/** A file that an engine reads, written whole and owned by its user; only that user may read it. */
export function writeOwnedFile(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
  giveToEngineUser(file);
}
