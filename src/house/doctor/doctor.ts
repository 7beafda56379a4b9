/** `kontor doctor`: looks at everything that a house needs here, and says what is wrong and what to do. */
import type { Config } from '#config/options.ts';
import { clockFindings } from './clock.ts';
import { engineFindings } from './engines.ts';
import type { Finding } from './finding.ts';
import { machineFindings } from './machine.ts';
import { portFinding } from './port.ts';
import { storageFindings } from './storage.ts';

export interface DoctorOptions {
  readonly config: Config;
  /** A web server whose clock ours is compared with. */
  readonly clockServer?: string | undefined;
}

export async function examine({ config, clockServer }: DoctorOptions): Promise<readonly Finding[]> {
  const [machine, port, storage, engines] = await Promise.all([
    machineFindings(),
    portFinding(config),
    storageFindings(config),
    engineFindings(config),
  ]);
  // Last and alone: what else happens would count as time on the way.
  return [...machine, port, ...storage, ...engines, ...(await clockFindings(config, clockServer))];
}
