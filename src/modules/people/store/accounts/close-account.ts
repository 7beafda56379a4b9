/**
 * Closing one's own account: the modules say what is still under way and forget what is personal, and the account loses its name, its
 * address and every way in. Its id stays, because the books of all markets name it.
 */
import type { Farewell } from '#core/farewell.ts';
import { refuse } from '#core/refuse.ts';
import { newSecret } from '../../domain/secrets.ts';
import { peopleRefusals } from '../../refusals.ts';
import type { PeopleContext } from '../context.ts';
import { removeSecondFactor } from '../entrance/second-factor.ts';
import type { PeopleTables } from '../tables.ts';
import { closedEmail } from './accounts.ts';
import { recordEvent } from './events.ts';
import { type AskingAgain, checkPassword } from './own-account.ts';
import { replacePassword } from './replace-password.ts';

export async function closeAccount(context: PeopleContext, asking: AskingAgain, farewells: readonly Farewell[]): Promise<void> {
  const { id, email, role } = asking.identity.account;
  // The house keeps its admins: another admin makes them members first.
  if (role === 'admin') throw refuse(peopleRefusals, 'admin-stays');
  await checkPassword(context, asking);
  const { state, clock, random } = context.ports;
  // Nobody knows this password.
  const passwordHash = await context.passwords.hash(newSecret(random));
  await state.write(async (queries) => {
    const now = clock.now();
    for (const leave of farewells) {
      const refused = await leave(queries, { id, now });
      // Thrown here: what the others removed before comes back.
      if (refused !== undefined) throw refused;
    }
    const tables = queries.withTables<PeopleTables>();
    await replacePassword(queries, { id, email }, passwordHash);
    await removeSecondFactor(queries, id);
    // They tell where somebody was.
    await tables.deleteFrom('person_event').where('person_id', '=', id).execute();
    await tables
      .updateTable('person')
      .set({ email: closedEmail(id), name: 'Closed account', locked_at: now })
      .where('id', '=', id)
      .execute();
    await recordEvent(queries, context.ports, { personId: id, kind: 'account-closed', address: '' });
  });
}
