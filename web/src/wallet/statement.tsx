/** The statement: every entry with the balance after it, newest first, like the page of a ledger. */
import type { Pages } from '../api/use-pages.ts';
import { Coins } from '../design/coins.tsx';
import { Loaded } from '../design/loaded.tsx';
import { More } from '../design/pages.tsx';
import { Empty } from '../design/states.tsx';
import { useFormats } from '../language/language.ts';
import { Link } from '../routing/navigation.tsx';
import { type StatementEntry, statementFile } from './sources.ts';
import { useWalletWords } from './words.ts';

export function StatementSheet({ pages }: { pages: Pages<StatementEntry> }) {
  const words = useWalletWords();
  return (
    <section className="sheet statement" aria-labelledby="statement">
      <div className="sheet-head">
        <h2 id="statement">{words.statement}</h2>
        <a className="button" href={statementFile} download="statement.csv">
          {words.csv}
        </a>
      </div>
      <Loaded resource={pages.list} height="20rem">
        {(entries) => (entries.length === 0 ? <Empty title={words.empty} hint={words.emptyHint} /> : <Entries entries={entries} />)}
      </Loaded>
      <div className="statement-more">
        <More pages={pages} />
      </div>
    </section>
  );
}

function Entries({ entries }: { entries: readonly StatementEntry[] }) {
  const words = useWalletWords();
  const formats = useFormats();
  return (
    <table className="ledger">
      <thead>
        <tr>
          <th scope="col">{words.number}</th>
          <th scope="col">{words.when}</th>
          <th scope="col">{words.what}</th>
          <th scope="col" className="ledger-figure">
            {words.change}
          </th>
          <th scope="col" className="ledger-figure">
            {words.balance}
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map(({ entry, at, kind, amount, balance, counterparty, memo }) => (
          <tr key={entry}>
            <td className="ledger-number">{formats.whole(entry)}</td>
            <td className="ledger-when">{formats.date(at)}</td>
            <th scope="row" className="ledger-what">
              {words.kinds[kind]}
              <span className="label">
                {words.counterparty(counterparty)}
                {memo !== '' && ' · '}
                <Memo memo={memo} />
              </span>
            </th>
            <td className={`ledger-figure ledger-change ${amount < 0 ? 'down' : 'up'}`}>
              <Coins amount={amount} signed />
            </td>
            <td className="ledger-figure">
              <b>
                <Coins amount={balance} />
              </b>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** An order that is named leads to itself. */
function Memo({ memo }: { memo: string }) {
  const order = /\bKO-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b/.exec(memo)?.[0];
  if (order === undefined) return memo;
  const [before, after] = memo.split(order, 2);
  return (
    <>
      {before}
      <Link href={`/shop/orders/${order}`}>{order}</Link>
      {after}
    </>
  );
}
