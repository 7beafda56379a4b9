/** Law errands-2: each run has one outcome, each copy is paid for once, and results are numbered without holes. */
import { type RawBuilder, sql } from 'kysely';
import { type Books, type Finding, type Law, maxViolations, type Scope } from '#core/laws/law.ts';
import { amountMovedFor } from '#modules/coins/post.ts';
import { coinsPerPage, ledgerScope } from '../../domain/settings.ts';
import { paymentKeyOf } from '../settlement/payment-key.ts';

/** Results and answers that a check beside live traffic looks at. */
const recentRows = 200;

export const resultsLaw: Law = {
  id: 'errands-2',
  says: 'Every run has at most one result and is not in the queue any more when it has one; a result that was delivered has an accepted answer, and one that was withdrawn has one notice; each copy is paid for once, or refunded once, as the ledger says; and results have no holes in their numbers, in their order and in the feed of their customer.',
  enforcedBy:
    'the primary keys of errands_result and errands_answer, the fence of leases, completion as one transaction (complete.ts), and request keys of the ledger',
  check: (books, scope) => checkResults(books, scope),
};

async function checkResults({ state }: Books, scope: Scope): Promise<Finding> {
  return state.read(async (queries) => {
    const violations: string[] = [];
    for (const find of checks) {
      const { rows } = await find(scope).execute(queries);
      violations.push(...rows.map(({ name, wrong }) => `${name}: ${wrong}`));
    }
    const { rows } = await sql<{ results: number; answers: number }>`select
      (select count(*) from ${someResults(scope)} few) as results, (select count(*) from ${someAnswers(scope)} few) as answers`.execute(
      queries,
    );
    const [{ results, answers } = { results: 0, answers: 0 }] = rows;
    const checked = `${scope === 'all' ? '' : 'the newest '}${results} results and ${answers} answers`;
    return { checked, violations: violations.slice(0, maxViolations) };
  });
}

const someResults = (scope: Scope) =>
  scope === 'all' ? sql`errands_result` : sql`(select * from errands_result order by delivered_at desc limit ${sql.lit(recentRows)})`;

const someAnswers = (scope: Scope) =>
  scope === 'all'
    ? sql`errands_answer`
    : sql`(select * from errands_answer where payment = 'pending' order by settles_at desc limit ${sql.lit(recentRows)})`;

/** Results and answers of these days may be gone in part, and those before them are gone: a number is missing only after one that is kept. */
const oldestDay = sql`(select day from errands_result order by delivered_at limit 1)`;
const oldestAnswerDay = sql`(select min(day) from errands_answer)`;
const limit = sql.lit(maxViolations);
const nameOf = (row: string) =>
  sql<string>`${sql.ref(`${row}.order_id`)} || '/' || ${sql.ref(`${row}.generation`)} || '/' || ${sql.ref(`${row}.slot`)}`;
const copyOf = (row: string) => sql<string>`${nameOf(row)} || '/' || ${sql.ref(`${row}.copy`)}`;
const ofSameRun = (one: string, other: string) =>
  sql`${sql.ref(`${one}.order_id`)} = ${sql.ref(`${other}.order_id`)} and ${sql.ref(`${one}.generation`)} = ${sql.ref(`${other}.generation`)}
    and ${sql.ref(`${one}.slot`)} = ${sql.ref(`${other}.slot`)}`;

/** Each selects `name` and `wrong`, a row for each violation. */
const checks: readonly ((scope: Scope) => RawBuilder<{ name: string; wrong: string }>)[] = [
  (scope) => sql`select ${nameOf('result')} as name, 'it has ' || count(*) || ' results' as wrong from ${someResults(scope)} result
    where result.withdraws = 0 group by result.order_id, result.generation, result.slot having count(*) > 1 limit ${limit}`,
  (scope) => sql`select ${nameOf('result')} as name, 'it is delivered without an accepted answer' as wrong from ${someResults(scope)} result
    where result.outcome = 'delivered'
      and not exists (select 1 from errands_answer answer where ${ofSameRun('answer', 'result')} and answer.verdict = 'accepted') limit ${limit}`,
  (
    scope,
  ) => sql`select ${nameOf('result')} as name, 'it is withdrawn, and its customer is not told' as wrong from ${someResults(scope)} result
    where result.outcome = 'withdrawn' and result.withdraws = 0
      and not exists (select 1 from errands_result notice where ${ofSameRun('notice', 'result')} and notice.withdraws = result.number) limit ${limit}`,
  (scope) => sql`select ${copyOf('answer')} as name, 'it is answered, and waits in the queue' as wrong from ${someAnswers(scope)} answer
    join errands_run run on ${ofSameRun('run', 'answer')} and run.copy = answer.copy limit ${limit}`,
  (scope) => sql`select result.order_id as name, 'there is a result ' || result.number || ', and none before it' as wrong
    from ${someResults(scope)} result
    where result.number > 1 and result.day > ${oldestDay}
      and not exists (select 1 from errands_result before where before.order_id = result.order_id and before.number = result.number - 1)
      and exists (select 1 from errands_result kept
        where kept.order_id = result.order_id and kept.number < result.number and kept.day > ${oldestDay})
    limit ${limit}`,
  (scope) => sql`select result.account_id as name, 'its feed has a result ' || result.feed || ', and none before it' as wrong
    from ${someResults(scope)} result
    where result.feed > 1 and result.day > ${oldestDay}
      and not exists (select 1 from errands_result before where before.account_id = result.account_id and before.feed = result.feed - 1)
      and exists (select 1 from errands_result kept
        where kept.account_id = result.account_id and kept.feed < result.feed and kept.day > ${oldestDay})
    limit ${limit}`,
  (scope) => sql`select placed.id as name, 'it counts ' || placed.results || ' results, but its last one has another number' as wrong
    from errands_order placed where placed.id in (select order_id from ${someResults(scope)} few)
      and (not exists (select 1 from errands_result latest where latest.order_id = placed.id and latest.number = placed.results)
        or exists (select 1 from errands_result beyond where beyond.order_id = placed.id and beyond.number > placed.results)) limit ${limit}`,
  (scope) => sql`select name, 'its payment is ' || payment || ', but the ledger refunded ' || coalesce(refunded, 0) as wrong
    from (
      select ${copyOf('answer')} as name, answer.payment, ${amountMovedFor(ledgerScope, sql`(${copyOf('answer')} || '/refund')`)} as refunded
      from ${someAnswers(scope)} answer
    ) moved
    where coalesce(refunded, 0) <> case when payment = 'refunded' then ${sql.lit(coinsPerPage)} else 0 end
    limit ${limit}`,
  (scope) => sql`select name, 'it is for ' || coins || ' coins, but the ledger paid ' || coalesce(paid, 0) as wrong
    from (
      select payment.*, ${amountMovedFor(ledgerScope, sql`payment.name`)} as paid from (
        select ${paymentKeyOf} as name, day, count(*) * ${sql.lit(coinsPerPage)} as coins from ${someAnswers(scope)} answer
          where payment = 'paid' group by settlement, day, miner_id
      ) payment
    ) moved
    where coalesce(paid, 0) < coins or (paid > coins and day > ${oldestAnswerDay}) limit ${limit}`,
];
