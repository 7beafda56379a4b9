/** Python packages in private environments, made when they are first needed. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';

const installLimitMs = 600_000;

/** The folder of the programs of an environment. Without `program` in it, it is made anew; `packages` are arguments of pip. */
export function pythonPrograms(folder: string, program: string, packages: readonly string[]): string {
  const programs = path.join(folder, 'bin');
  if (existsSync(path.join(programs, program))) return programs;
  rmSync(folder, { recursive: true, force: true });
  runToEnd('python3', ['-m', 'venv', folder]);
  runToEnd(path.join(programs, 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]);
  return programs;
}

/** Runs an installation, and says what it printed if it failed. */
export function runToEnd(command: string, args: readonly string[], cwd = '.'): void {
  const { status, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: installLimitMs });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr.trim()}`);
}
