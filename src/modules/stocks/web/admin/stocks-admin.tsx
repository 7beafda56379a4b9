/** The page of the stocks for admins: companies whose trades come from outside, and their retirement. */
import { useState } from 'react';
import type { OutsideCompany } from '#modules/stocks/api/schemas.ts';
import { usePages } from '#web/api/use-pages.ts';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useName } from '#web/language/area-words.ts';
import { useFormats } from '#web/language/language.ts';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { adminNames } from '../names.ts';
import { loadOutside, retire } from '../sources.ts';
import { useStocksWords } from '../words.ts';

export function StocksAdmin() {
  const { outside: words } = useStocksWords();
  const title = useName(adminNames.outside);
  const pages = usePages(loadOutside);
  return (
    <ListSheet title={title} pages={pages} empty={<Empty title={words.empty} hint={words.emptyHint} />}>
      {(companies) => <OutsideTable companies={companies} onChange={pages.reload} />}
    </ListSheet>
  );
}

function OutsideTable({ companies, onChange }: { companies: readonly OutsideCompany[]; onChange: () => void }) {
  const { outside: words } = useStocksWords();
  const formats = useFormats();
  const columns: readonly Column<OutsideCompany>[] = [
    { head: words.company, kind: 'name', cell: ({ company }) => company },
    { head: words.since, kind: 'when', cell: ({ firstAt }) => formats.date(firstAt) },
    {
      head: words.state,
      cell: ({ retiredAt }) =>
        retiredAt === null ? words.trades : <span className="badge">{words.retired(formats.date(retiredAt))}</span>,
    },
    { head: words.change, kind: 'action', cell: (company) => <RetireButton company={company} onChange={onChange} /> },
  ];
  return <Ledger rows={companies} keyOf={({ company }) => company} columns={columns} />;
}

function RetireButton({ company: { company, retiredAt }, onChange }: { company: OutsideCompany; onChange: () => void }) {
  const { outside: words } = useStocksWords();
  const tell = useToasts();
  const failureText = useFailureText();
  const [busy, setBusy] = useState(false);

  const change = async () => {
    setBusy(true);
    try {
      await retire(company, retiredAt === null);
      tell('good', retiredAt === null ? words.isRetired(company) : words.isBack(company));
      onChange();
    } catch (failure) {
      tell('bad', failureText(failure));
    } finally {
      setBusy(false);
    }
  };

  return (
    <button type="button" className="button" disabled={busy} onClick={change}>
      {retiredAt === null ? words.retire : words.restore}
      <span className="out-of-sight"> {company}</span>
    </button>
  );
}
