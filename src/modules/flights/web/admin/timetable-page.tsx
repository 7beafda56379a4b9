/** Flight numbers with their schedule and fares; new ones, and changes. */
import { useCallback, useState } from 'react';
import type { FlightService } from '#modules/flights/api/admin/contracts.ts';
import { usePages } from '#web/api/use-pages.ts';
import { Coins } from '#web/design/coins.tsx';
import { Form, TextField } from '#web/design/form.tsx';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useName } from '#web/language/area-words.ts';
import { useFormats } from '#web/language/language.ts';
import { replaceQuery, useQuery } from '#web/routing/navigation.tsx';
import { durationText } from '../local-times.ts';
import { adminNames } from '../names.ts';
import { useDayTexts } from '../use-airports.ts';
import { clockOfMinute } from './minutes.ts';
import { ServiceForm } from './service-form.tsx';
import { loadServices } from './sources.ts';
import { useFlightsAdminWords } from './words.ts';

const code = (text: string | null) => (/^[A-Z]{3}$/.test(text ?? '') ? (text ?? undefined) : undefined);

export function TimetablePage() {
  const { timetable: words } = useFlightsAdminWords();
  const title = useName(adminNames.timetable);
  const query = useQuery();
  const [from, to] = [code(query.get('from')), code(query.get('to'))];
  const pages = usePages(
    useCallback((after: string | undefined, signal: AbortSignal) => loadServices({ from, to }, after, signal), [from, to]),
  );
  const [edited, setEdited] = useState<FlightService>();
  return (
    <div className="timetable">
      <ListSheet
        title={title}
        tools={<RouteFilter from={from ?? ''} to={to ?? ''} />}
        pages={pages}
        empty={<Empty title={words.empty} hint={words.emptyHint} />}
      >
        {(services) => <Services services={services} onEdit={setEdited} />}
      </ListSheet>
      <ServiceForm
        key={edited?.number ?? ''}
        service={edited}
        onSaved={() => {
          setEdited(undefined);
          pages.reload();
        }}
        onCancel={() => setEdited(undefined)}
      />
    </div>
  );
}

function RouteFilter({ from, to }: { from: string; to: string }) {
  const { timetable: words } = useFlightsAdminWords();
  const field = { maxLength: 3, pattern: '[A-Za-z]{3}', placeholder: 'LIS', required: false, spellCheck: false, short: true };
  return (
    <Form
      inline
      plain
      submit={words.apply}
      onSubmit={async (typed) => replaceQuery({ from: typed('from').toUpperCase(), to: typed('to').toUpperCase() })}
    >
      <TextField {...field} label={words.filterFrom} name="from" defaultValue={from} />
      <TextField {...field} label={words.filterTo} name="to" defaultValue={to} />
    </Form>
  );
}

function Services({ services, onEdit }: { services: readonly FlightService[]; onEdit: (service: FlightService) => void }) {
  const { timetable: words } = useFlightsAdminWords();
  const formats = useFormats();
  const days = useDayTexts();
  const columns: readonly Column<FlightService>[] = [
    {
      head: words.number,
      kind: 'name',
      cell: (service) => (
        <>
          <button type="button" className="button" aria-label={words.edit(service.number)} onClick={() => onEdit(service)}>
            {service.number}
          </button>
          <span className="label">{service.aircraft}</span>
        </>
      ),
    },
    { head: words.route, cell: ({ from, to }) => `${from} – ${to}` },
    {
      head: words.schedule,
      cell: ({ departsMinute, durationMinutes, weekdays, firstDay, lastDay }) => (
        <>
          {clockOfMinute(departsMinute)}, {durationText(durationMinutes)}
          <span className="label">
            {weekdays.length === 7 ? words.daily : weekdays.map((weekday) => days.weekday(weekday)).join(', ')} ·{' '}
            {words.period(days.short(firstDay), lastDay === null ? undefined : days.short(lastDay))}
          </span>
        </>
      ),
    },
    {
      head: words.fares,
      kind: 'figure',
      cell: ({ economyBase, businessBase }) => (
        <>
          <Coins amount={economyBase} />
          {businessBase !== null && (
            <span className="label">
              <Coins amount={businessBase} />
            </span>
          )}
        </>
      ),
    },
    { head: words.flights, kind: 'figure', cell: ({ flights }) => formats.whole(flights) },
  ];
  return <Ledger rows={services} keyOf={({ number }) => number} columns={columns} />;
}
