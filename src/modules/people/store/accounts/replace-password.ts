/** A new password, and the end of all that the old one may have given to somebody else. */
import type { Queries } from '#core/ports/state.ts';
import { endMailTokens } from '../entrance/mail-tokens.ts';
import { endAccessTokens } from '../sessions/access-tokens.ts';
import { endSessions } from '../sessions/sessions.ts';
import type { PeopleTables } from '../tables.ts';
import { setPassword } from './accounts.ts';

/** Ends sessions, links of letters (also one to another address), and access tokens except those with the ids `keep`. Resolves the names of the tokens that ended. */
export async function replacePassword(
  queries: Queries,
  { id, email }: { readonly id: string; readonly email: string },
  passwordHash: string,
  keep: readonly string[] = [],
): Promise<readonly string[]> {
  await setPassword(queries, id, passwordHash);
  await endSessions(queries, id);
  await endMailTokens(queries, email);
  await queries.withTables<PeopleTables>().deleteFrom('person_email_change').where('person_id', '=', id).execute();
  return endAccessTokens(queries, id, keep);
}
