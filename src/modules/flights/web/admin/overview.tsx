/** Flights on the admin's overview: bookings of the newest days, and what of them went back. */
import { SumsTable } from '#web/admin/sums-table.tsx';
import { usePolled } from '#web/api/use-polled.ts';
import { Loaded } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useName } from '#web/language/area-words.ts';
import { names } from '../names.ts';
import { loadOverview } from './sources.ts';
import { useFlightsAdminWords } from './words.ts';

const refreshMs = 15_000;

export function FlightsFigures() {
  const { overview: words } = useFlightsAdminWords();
  const market = useName(names.market);
  const overview = usePolled(loadOverview, refreshMs);
  return (
    <Loaded resource={overview} height="12rem">
      {({ sales, refunds }) => (
        <>
          <Sheet title={`${market}: ${words.sales}`}>
            <SumsTable sums={sales} count={words.bookings} />
          </Sheet>
          <Sheet title={`${market}: ${words.refunds}`}>
            <SumsTable sums={refunds} count={words.bookings} />
          </Sheet>
        </>
      )}
    </Loaded>
  );
}
