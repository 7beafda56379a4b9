/** The secret of a customer, by which receivers know that a webhook comes from here. It is sealed in the books. */
import type { Random } from '#core/ports/random.ts';
import { placeOf, type Seal } from '#core/ports/secrets.ts';
import type { Queries } from '#core/ports/state.ts';
import { orderTables, webhookSecrets } from '../orders/tables.ts';

export interface SecretsContext {
  readonly random: Random;
  readonly seal: Seal;
}

/** Made when it is first asked for. */
export async function webhookSecret(queries: Queries, accountId: string, { random, seal }: SecretsContext): Promise<string> {
  const tables = orderTables(queries);
  const place = placeOf(webhookSecrets, accountId);
  const known = await tables.selectFrom('errands_customer').select('webhook_secret').where('account_id', '=', accountId).executeTakeFirst();
  if (known !== undefined && known.webhook_secret !== '') return seal.open(place, known.webhook_secret);
  const fresh = seal.seal(place, newSecret(random));
  const stored = await tables
    .insertInto('errands_customer')
    .values({ account_id: accountId, feed: 0, webhook_secret: fresh })
    .onConflict((conflict) =>
      conflict.column('account_id').doUpdateSet((update) => ({
        // A customer has none until it is asked for.
        webhook_secret: update
          .case()
          .when('errands_customer.webhook_secret', '=', '')
          .then(fresh)
          .else(update.ref('errands_customer.webhook_secret'))
          .end(),
      })),
    )
    .returning('webhook_secret')
    .executeTakeFirstOrThrow();
  return seal.open(place, stored.webhook_secret);
}

/** From then on webhooks are signed with the new one only. */
export async function renewWebhookSecret(queries: Queries, accountId: string, { random, seal }: SecretsContext): Promise<string> {
  const secret = newSecret(random);
  const webhook_secret = seal.seal(placeOf(webhookSecrets, accountId), secret);
  await orderTables(queries)
    .insertInto('errands_customer')
    .values({ account_id: accountId, feed: 0, webhook_secret })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ webhook_secret }))
    .execute();
  return secret;
}

function newSecret(random: Random): string {
  return random.id() + random.id();
}
