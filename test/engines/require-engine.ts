/** Real servers for a test file: started if possible; otherwise the test is skipped with the reason, or fails when they are required. */

import { builtFerretdb } from '../../tools/engines/ferretdb.ts';
import { enginesFolder } from '../../tools/engines/place.ts';
import { installedSpark, sparkPython } from '../../tools/engines/spark.ts';
import { engineNames, upEngines } from '../../tools/engines.ts';
import { assertNextInOrder, type EngineUse, takeEngine } from './engine-use.ts';

/** Engines named in KONTOR_TEST_REQUIRE (such as `postgres,rabbitmq`) must start: CI sets it, so that skips do not hide failures. */
const required = (process.env.KONTOR_TEST_REQUIRE ?? '')
  .split(',')
  .map((name) => name.trim())
  .filter((name) => name !== '');

/** Not an engine: what test/engines/kubernetes.test.ts installs. */
const known = [...engineNames, 'kubernetes'];
const unknown = required.find((name) => !known.includes(name));
if (unknown !== undefined) throw new Error(`KONTOR_TEST_REQUIRE names "${unknown}"; there are ${known.join(', ')}.`);

export function isRequired(name: string): boolean {
  return required.includes(name);
}

export type Availability = { readonly url: string; readonly skip: false } | { readonly url: ''; readonly skip: string };

/**
 * The server keeps running after the tests, for the next file: `npm run engines -- down` stops it. A file that kills it, or
 * counts what all its users do, asks for it alone. Several engines are asked for in the order of their names.
 */
export async function engineFor(name: string, use: EngineUse = 'together'): Promise<Availability> {
  assertNextInOrder(name);
  try {
    takeEngine(name, use);
    const running = await upEngines([name]);
    return { url: running[name]?.url ?? '', skip: false };
  } catch (error) {
    const reason = (error as Error).message;
    if (isRequired(name)) throw new Error(`KONTOR_TEST_REQUIRE names ${name}, which does not start: ${reason}`, { cause: error });
    return { url: '', skip: `no ${name} here: ${reason.split('\n')[0]}` };
  }
}

/** Installed where it is required: it is large. */
export function sparkFor(): { readonly python: string; readonly skip: false } | { readonly python: ''; readonly skip: string } {
  const folder = enginesFolder();
  const python = isRequired('spark') ? sparkPython(folder) : installedSpark(folder);
  return python === undefined
    ? { python: '', skip: 'Spark is not installed: KONTOR_TEST_REQUIRE=spark installs it' }
    : { python, skip: false };
}

/** Servers with the protocol of MongoDB: a stand-in, and FerretDB where it is built or required, as building it takes minutes. */
export async function mongodbServers(): Promise<readonly MongodbKind[]> {
  const isWanted = isRequired('ferretdb') || builtFerretdb(enginesFolder()) !== undefined;
  const none = { url: '', skip: 'FerretDB is not built: KONTOR_TEST_REQUIRE=ferretdb builds it' } as const;
  const ferretdb = isWanted ? await engineFor('ferretdb') : none;
  return [
    Object.assign(await engineFor('mongodb'), { name: 'a stand-in for MongoDB' }),
    Object.assign(ferretdb, { name: 'FerretDB', oneWriterOnly: ferretdbLacks }),
  ];
}

type MongodbKind = Availability & { readonly name: string; readonly oneWriterOnly?: string };

const ferretdbLacks = 'FerretDB 1.24 reads a document, changes it and writes it back in steps: two writers undo each other';
