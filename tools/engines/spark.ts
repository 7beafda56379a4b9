/** Spark as a Python package in a private environment. It has no server: a test starts it with `python`. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { madeFolder } from './place.ts';
import { pythonPrograms } from './python.ts';

const version = '4.3.0';
const program = 'spark-submit';

/** The Python that has Spark; undefined where it is not installed yet. */
export function installedSpark(softwareFolder: string): string | undefined {
  const programs = path.join(environmentIn(softwareFolder), 'bin');
  return existsSync(path.join(programs, program)) ? path.join(programs, 'python') : undefined;
}

/** Installs it where it is missing: about 500 MB. */
export function sparkPython(softwareFolder: string): string {
  return path.join(pythonPrograms(environmentIn(madeFolder(softwareFolder)), program, [`pyspark==${version}`]), 'python');
}

function environmentIn(softwareFolder: string): string {
  return path.join(softwareFolder, `spark-${version}`);
}
