/** Real servers for a test file: started if possible; otherwise the test is skipped with the reason, or fails when they are required. */
import { engineNames, upEngines } from '../../tools/engines.ts';

/** Engines named in KONTOR_TEST_REQUIRE (such as `postgres,rabbitmq`) must start: CI sets it, so that skips do not hide failures. */
const required = (process.env.KONTOR_TEST_REQUIRE ?? '')
  .split(',')
  .map((name) => name.trim())
  .filter((name) => name !== '');

const unknown = required.find((name) => !engineNames.includes(name));
if (unknown !== undefined) throw new Error(`KONTOR_TEST_REQUIRE names "${unknown}"; there are ${engineNames.join(', ')}.`);

export type Availability = { readonly url: string; readonly skip: false } | { readonly url: ''; readonly skip: string };

/** The server keeps running after the tests, for the next file: `npm run engines -- down` stops it. */
export async function engineFor(name: string): Promise<Availability> {
  try {
    const running = await upEngines([name]);
    return { url: running[name]?.url ?? '', skip: false };
  } catch (error) {
    const reason = (error as Error).message;
    if (required.includes(name)) throw new Error(`KONTOR_TEST_REQUIRE names ${name}, which does not start: ${reason}`, { cause: error });
    return { url: '', skip: `no ${name} here: ${reason.split('\n')[0]}` };
  }
}
