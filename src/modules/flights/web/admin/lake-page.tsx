/** The lake of accesses: whether it answers, how far it is behind the stream, and what is in it hour by hour. */
import type { LakeState } from '#modules/flights/api/admin/contracts.ts';
import { useReloading } from '#web/api/use-resource.ts';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useFormats } from '#web/language/language.ts';
import { loadLake } from './sources.ts';
import { useFlightsAdminWords } from './words.ts';

const bytesInKilobyte = 1_000;

export function LakePage() {
  const [resource, reload] = useReloading(loadLake);
  return (
    <Loaded resource={resource} height="28rem">
      {(lake) => (
        <>
          <State lake={lake} onReload={reload} />
          <Partitions lake={lake} />
          <Hours lake={lake} />
        </>
      )}
    </Loaded>
  );
}

function State({ lake: { url, answers, dropped }, onReload }: { lake: LakeState; onReload: () => void }) {
  const { lake: words } = useFlightsAdminWords();
  const formats = useFormats();
  const tools = (
    <div className="form-actions">
      <span className={answers ? 'badge badge-good' : 'badge badge-bad'}>{answers ? words.answers : words.silent}</span>
      <button type="button" className="button" onClick={onReload}>
        {words.reload}
      </button>
    </div>
  );
  return (
    <Sheet title={words.title} tools={tools} padded>
      <dl className="account">
        <div>
          <dt>{words.where}</dt>
          <dd className="lake-place">{url}</dd>
        </div>
        <div>
          <dt>
            {words.dropped} <span className="label">{words.droppedHint}</span>
          </dt>
          <dd>{formats.whole(dropped)}</dd>
        </div>
      </dl>
    </Sheet>
  );
}

function Partitions({ lake: { partitions } }: { lake: LakeState }) {
  const { lake: words } = useFlightsAdminWords();
  const formats = useFormats();
  const columns: readonly Column<LakeState['partitions'][number]>[] = [
    { head: words.partition, kind: 'name', cell: ({ partition }) => partition },
    {
      head: words.published,
      kind: 'figure',
      cell: ({ published }) => (published === null ? words.unknown : formats.whole(published)),
    },
    { head: words.landed, kind: 'figure', cell: ({ landed }) => formats.whole(landed) },
    {
      head: words.behind,
      kind: 'figure',
      cell: ({ published, landed }) => (published === null ? words.unknown : formats.whole(published - landed)),
    },
  ];
  return (
    <Sheet title={words.partitions}>
      {partitions.length === 0 ? (
        <Empty title={words.empty} hint={words.emptyHint} />
      ) : (
        <Ledger rows={partitions} keyOf={({ partition }) => partition} columns={columns} />
      )}
    </Sheet>
  );
}

function Hours({ lake: { hours } }: { lake: LakeState }) {
  const { lake: words } = useFlightsAdminWords();
  const formats = useFormats();
  const columns: readonly Column<LakeState['hours'][number]>[] = [
    { head: words.hour, kind: 'name', cell: ({ hour }) => `${hour.replace('T', ', ')}:00` },
    { head: words.files, kind: 'figure', cell: ({ files }) => formats.whole(files) },
    { head: words.rows, kind: 'figure', cell: ({ rows }) => formats.whole(rows) },
    { head: words.size, kind: 'figure', cell: ({ bytes }) => words.kilobytes(formats.whole(Math.ceil(bytes / bytesInKilobyte))) },
  ];
  return (
    <Sheet title={words.hours}>
      {hours.length === 0 ? (
        <Empty title={words.empty} hint={words.emptyHint} />
      ) : (
        <Ledger rows={hours} keyOf={({ hour }) => hour} columns={columns} />
      )}
    </Sheet>
  );
}
