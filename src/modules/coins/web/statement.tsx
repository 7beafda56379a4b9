/** The statement: every entry with the balance after it, newest first, like the page of a ledger. */
import type { Pages } from '#web/api/use-pages.ts';
import { memoText, pageOf } from '#web/book-names.ts';
import { Coins } from '#web/design/coins.tsx';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useFormats, useLanguage } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { useCounterpartyName } from './counterparty.ts';
import { type StatementEntry, statementFile } from './sources.ts';
import { useWalletWords } from './words.ts';

export function StatementSheet({ pages }: { pages: Pages<StatementEntry> }) {
  const words = useWalletWords();
  const tools = (
    <a className="button" href={statementFile} download="statement.csv">
      {words.csv}
    </a>
  );
  return (
    <ListSheet
      className="statement"
      title={words.statement}
      tools={tools}
      pages={pages}
      empty={<Empty title={words.empty} hint={words.emptyHint} />}
    >
      {(entries) => <Entries entries={entries} />}
    </ListSheet>
  );
}

function Entries({ entries }: { entries: readonly StatementEntry[] }) {
  const words = useWalletWords();
  const formats = useFormats();
  const counterpartyName = useCounterpartyName();
  const columns: readonly Column<StatementEntry>[] = [
    { head: words.number, kind: 'number', cell: ({ entry }) => formats.whole(entry) },
    { head: words.when, kind: 'when', cell: ({ at }) => formats.date(at) },
    {
      head: words.what,
      kind: 'name',
      cell: ({ kind, counterparty, memo }) => (
        <>
          {words.kinds[kind]}
          <span className="label">
            {counterpartyName(counterparty)}
            {memo !== '' && ' · '}
            <Memo memo={memo} />
          </span>
        </>
      ),
    },
    {
      head: words.change,
      kind: 'change',
      cell: ({ amount }) => (
        <span className={amount < 0 ? 'down' : 'up'}>
          <Coins amount={amount} signed />
        </span>
      ),
    },
    {
      head: words.balance,
      kind: 'figure',
      cell: ({ balance }) => (
        <b>
          <Coins amount={balance} />
        </b>
      ),
    },
  ];
  return <Ledger rows={entries} keyOf={({ entry }) => entry} columns={columns} />;
}

/** What is named leads to itself; what the house writes around it is in the reader's language, or said by the kind already. */
function Memo({ memo }: { memo: string }) {
  const language = useLanguage();
  const [whole, before = '', id = '', after = ''] = /^(.*?)\b(K[A-Z]-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})\b(.*)$/.exec(memo) ?? [];
  const page = pageOf(id);
  if (whole === undefined || page === undefined) return memoText(memo, language) ?? memo;
  const said = memoText(`${before}…${after}`, language);
  return (
    <>
      {said === undefined && before}
      <Link href={page}>{id}</Link>
      {said === undefined ? after : said !== '' && `, ${said}`}
    </>
  );
}
