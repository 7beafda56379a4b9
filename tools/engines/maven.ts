/** Jars of engines that are Java programs, fetched by Maven the first time and kept in the engines' folder. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface JarNeed {
  /** The program, as it is called in messages. */
  readonly program: string;
  /** The folder's name, with the version in it. */
  readonly folder: string;
  /** Each as `group:artifact:version`. */
  readonly artifacts: readonly string[];
}

const fetchTimeoutMs = 300_000;

/** The folder of the jars, with all that they depend on. */
export function fetchedJars(need: JarNeed, softwareFolder: string): string {
  const folder = path.join(softwareFolder, 'software', need.folder);
  if (existsSync(folder)) return folder;
  const making = `${folder}.new`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const project = path.join(making, 'pom.xml');
  writeFileSync(project, projectText(need.artifacts));
  try {
    execFileSync('mvn', ['-q', '-B', '-f', project, 'dependency:copy-dependencies', `-DoutputDirectory=${making}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      timeout: fetchTimeoutMs,
    });
  } catch (error) {
    const { stdout, message } = error as Error & { stdout?: string };
    throw new Error(
      `${need.program} could not be fetched: it takes Maven and a JDK of 17 or later (apt-get install maven openjdk-17-jdk-headless, as root). ${stdout?.trim().split('\n')[0] || message}`,
    );
  }
  renameSync(making, folder);
  return folder;
}

function projectText(artifacts: readonly string[]): string {
  const dependencies = artifacts.map((artifact) => {
    const [group, name, version] = artifact.split(':');
    return `    <dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>\n`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>kontor</groupId>
  <artifactId>engine</artifactId>
  <version>1</version>
  <dependencies>
${dependencies.join('')}  </dependencies>
</project>
`;
}
