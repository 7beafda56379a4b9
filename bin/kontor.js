#!/usr/bin/env node
// What npm links as `kontor`: runs src/cli/kontor.ts, on the Node that came with the packages when this one is too old.
// Plain JavaScript that any Node since 18 can read.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const oldestMajor = 26;
const program = fileURLToPath(new URL('../src/cli/kontor.ts', import.meta.url));

if (Number(process.versions.node.split('.')[0]) >= oldestMajor) {
  keepCompiledCode();
  await import('./use-packed-packages.js');
  await import(new URL('../src/cli/kontor.ts', import.meta.url).href);
} else {
  runOn(packagedNode());
}

/**
 * Halves the time of every start but the first, and saves 30 MB: what takes the types away is not even loaded. Threads and
 * child processes find the cache through the environment.
 */
function keepCompiledCode() {
  const { directory } = module.enableCompileCache?.(fileURLToPath(new URL('../node_modules/.cache/kontor', import.meta.url))) ?? {};
  if (directory) process.env.NODE_COMPILE_CACHE ??= directory;
}

/** The binary of the package `node`, or undefined when its install script did not run. */
function packagedNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'));
    return ['bin/node', 'bin/node.exe'].map((file) => join(folder, file)).find((file) => existsSync(file));
  } catch {
    return undefined;
  }
}

function runOn(node) {
  if (!node) {
    console.error(
      `kontor: this is Node ${process.versions.node}, and Kontor needs Node ${oldestMajor}, which npm brings along as the package "node".\n` +
        'kontor: it is missing, most likely because npm was told not to run install scripts: run `npm rebuild node --ignore-scripts=false`, or install Node 26.',
    );
    process.exit(1);
  }
  const child = spawn(node, [...process.execArgv, program, ...process.argv.slice(2)], { stdio: 'inherit' });
  // The house takes a signal that arrives twice at once (from the terminal and from here) for one.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`kontor: Node ${oldestMajor} at ${node} could not be run: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGKILL'] ?? 0)));
}
