/** What `kontor doctor` says of Node, memory, limits of the system, and the built pages. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { webFolder } from '../composition.ts';
import { doubtful, type Finding, good, wrong } from './finding.ts';

const oldestNode = 26;
const bytesPerMb = 1_048_576;
/** A house at rest takes about 150 MB; loaded with trades and flights, a few hundred more. */
const tightMb = 512;
const tooLittleMb = 128;
/** Every socket is a file: 1,000 visitors with a live view each, and some for the engines. */
const fewOpenFiles = 4_096;
const tooFewOpenFiles = 256;

export async function machineFindings(): Promise<readonly Finding[]> {
  return [nodeFinding(process.versions.node), memoryFinding(process.availableMemory()), openFilesFinding(openFilesLimit()), pagesFinding()];
}

export function nodeFinding(version: string): Finding {
  if (Number(version.split('.')[0]) >= oldestNode) return good('node', `Node ${version} on ${availableParallelism()} cores`);
  return wrong(
    'node',
    `Node ${version} is too old: Kontor needs Node ${oldestNode}`,
    `start it by bin/kontor.js (npx kontor), which uses the Node of the packages, or install Node ${oldestNode}`,
  );
}

export function memoryFinding(availableBytes: number): Finding {
  const mb = Math.floor(availableBytes / bytesPerMb);
  const says = `${mb} MB of memory are free for it`;
  if (mb < tooLittleMb) return wrong('memory', says, `a house needs ${tooLittleMb} MB at least: end other programs, or raise its limit`);
  return mb < tightMb ? doubtful('memory', says, `${tightMb} MB are comfortable`) : good('memory', says);
}

export function openFilesFinding(limit: number | undefined): Finding {
  if (limit === undefined) return { about: 'open files', verdict: 'open', says: 'this system does not tell its limit' };
  const says = `at most ${limit === Number.POSITIVE_INFINITY ? 'any number of' : limit} files and sockets may be open`;
  const advice = 'raise it before the start: ulimit -n 65536, or LimitNOFILE=65536 in a unit of systemd';
  if (limit < tooFewOpenFiles) return wrong('open files', says, advice);
  return limit < fewOpenFiles ? doubtful('open files', says, advice) : good('open files', says);
}

/** Node has raised the soft limit to the hard one at its start. */
function openFilesLimit(): number | undefined {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: number | 'unlimited' } } };
  const soft = userLimits?.open_files?.soft;
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : soft;
}

function pagesFinding(): Finding {
  if (existsSync(join(webFolder, 'index.html'))) return good('pages', 'the browser app is built');
  return doubtful('pages', 'the browser app is not built: only the API answers', 'run npm run build');
}
