#!/usr/bin/env node
/** `npm run check`: types, format, lint, dead code and tidiness in parallel; prints the output of failed checks, and exits 1 when one fails. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const timeoutMs = 240_000;
const maxOutputChars = 200_000;

const checks: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: 'types', command: ['node_modules/typescript/bin/tsc', '-p', '.'] },
  ...(existsSync(join(root, 'web/tsconfig.json'))
    ? [{ name: 'types of web', command: ['node_modules/typescript/bin/tsc', '-p', 'web'] }]
    : []),
  { name: 'format and lint', command: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'] },
  { name: 'dead code', command: ['node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints'] },
  { name: 'tidy', command: ['tools/tidy.ts'] },
];

interface Verdict {
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: string;
}

function run(command: readonly string[]): Promise<Verdict> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    let output = '';
    const child = spawn(process.execPath, command, { cwd: root, timeout: timeoutMs, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk: Buffer): void => {
      if (output.length < maxOutputChars) output += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const end = (passed: boolean): void => resolve({ passed, output, seconds: ((performance.now() - startedAt) / 1000).toFixed(1) });
    child.on('error', (error) => {
      output += error.message;
      end(false);
    });
    child.on('close', (code, signal) => {
      if (signal !== null) output += `ended by ${signal} (each check has ${timeoutMs / 1000} s)\n`;
      end(code === 0);
    });
  });
}

const verdicts = await Promise.all(
  checks.map(async ({ name, command }) => {
    const verdict = await run(command);
    console.log(`${verdict.passed ? '✔' : '✖'} ${name} (${verdict.seconds} s)`);
    return { name, ...verdict };
  }),
);
const failed = verdicts.filter(({ passed }) => !passed);
for (const { name, output } of failed) console.log(`\n── ${name} ${'─'.repeat(60)}\n${output.trimEnd()}`);
if (failed.length > 0) {
  console.log(
    `\n${failed.map(({ name }) => name).join(' and ')} failed. \`npm run format\` repairs the format, and what the linter can repair.`,
  );
}
process.exitCode = failed.length === 0 ? 0 : 1;
