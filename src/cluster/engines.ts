/**
 * Engines that the cluster starts, from packages through tools/engines.ts, which exists in a checkout but not in an image.
 * Elsewhere, options such as STATE_URL give the addresses of running engines.
 */
import { existsSync } from 'node:fs';
import { KontorError } from '#core/errors.ts';

export type EnginesTool = typeof import('../../tools/engines.ts');

export function isCheckout(): boolean {
  return existsSync(new URL('../../tools/engines.ts', import.meta.url));
}

/** Refuses engines that cannot be started here. */
export async function enginesTool(wanted: readonly string[]): Promise<EnginesTool | undefined> {
  if (!isCheckout()) {
    if (wanted.length === 0) return undefined;
    throw refusal('starts engines in a checkout of Kontor only: give the addresses of running ones, such as STATE_URL=postgres://…');
  }
  const tool = await import('../../tools/engines.ts');
  const unknown = wanted.find((name) => !tool.engineNames.includes(name));
  if (unknown !== undefined) throw refusal(`names ${unknown}, but there are only ${tool.engineNames.join(', ')}`);
  return tool;
}

function refusal(message: string): KontorError {
  return new KontorError('invalid_option', `--engines ${message}`, { details: [{ field: '--engines', message }] });
}

/**
 * The environment variables of all engines: with PostgreSQL and no broker, the stream runs on PostgreSQL, too, so that no data
 * stays on the disk of one machine.
 */
export function engineEnvironment(
  engines: Readonly<Record<string, { readonly environment: Readonly<Record<string, string>> }>>,
): Readonly<Record<string, string>> {
  const environment: Record<string, string> = {};
  for (const engine of Object.values(engines)) Object.assign(environment, engine.environment);
  if (environment.STATE_URL !== undefined) environment.STREAM_URL ??= environment.STATE_URL;
  return environment;
}
