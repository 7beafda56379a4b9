/** Sums of the newest hours, as a small table: how many, and the coins. */
import type { Sums } from '#http/sums.ts';
import { Coins } from '../design/coins.tsx';
import { type Column, Ledger } from '../design/ledger.tsx';
import { useFormats, useWords } from '../language/language.ts';

/** `count` says what was counted. */
export function SumsTable({ sums: { spans, countedSince }, count }: { sums: Sums; count: string }) {
  const { adminOverview: words } = useWords();
  const formats = useFormats();
  const columns: readonly Column<Sums['spans'][number]>[] = [
    {
      head: words.within,
      kind: 'name',
      cell: (span) => (
        <>
          {words.hours(span.hours)}
          <span className="label">
            {count}: {formats.whole(span.count)}
          </span>
        </>
      ),
    },
    { head: words.inCoins, kind: 'figure', cell: ({ coins }) => <Coins amount={coins} /> },
  ];
  return (
    <>
      <Ledger rows={spans} keyOf={({ hours }) => hours} columns={columns} />
      {countedSince !== null && <p className="sheet-body soft">{words.countedSince(formats.date(countedSince))}</p>}
    </>
  );
}
