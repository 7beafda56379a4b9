/** What changed against the last change before: lines that came and went, and the words in them. */
import { useCallback } from 'react';
import { useResource } from '#web/api/use-resource.ts';
import { Loaded } from '#web/design/loaded.tsx';
import { useFormats } from '#web/language/language.ts';
import { type Difference, loadDifference } from '../sources.ts';
import { useErrandsWords } from '../words.ts';

type Line = NonNullable<Difference['difference']>['lines'][number];

export function Changes({ orderId, number }: { orderId: string; number: number }) {
  const resource = useResource(useCallback((signal: AbortSignal) => loadDifference(orderId, number, signal), [orderId, number]));
  return (
    <Loaded resource={resource} height="10rem">
      {(changes) => <Shown changes={changes} />}
    </Loaded>
  );
}

function Shown({ changes: { before, difference } }: { changes: Difference }) {
  const { result: words } = useErrandsWords();
  const formats = useFormats();
  if (before === null || difference === null) return <p className="soft">{words.nothingBefore}</p>;
  if (difference.added + difference.removed === 0) return <p className="soft">{words.noChanges(formats.whole(before))}</p>;
  return (
    <>
      <p className="label">{words.against(formats.whole(before))}</p>
      <ol className="errands-diff" aria-label={words.views.changes}>
        {difference.lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no names, and do not move.
          <DifferenceLine key={index} line={line} />
        ))}
      </ol>
      {difference.cut && <p className="label">{words.cut}</p>}
    </>
  );
}

const signs = { added: '+', removed: '−', same: '' } as const;

function DifferenceLine({ line }: { line: Line }) {
  const { result: words } = useErrandsWords();
  if (line.kind === 'skipped') return <li className="errands-skipped">{words.skipped(line.lines)}</li>;
  const { kind, parts } = line;
  const text = parts.map((part, index) =>
    part.changed ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts have no names, and do not move.
      <b key={index}>{part.text}</b>
    ) : (
      part.text
    ),
  );
  return (
    <li className={`errands-${kind}`}>
      <span aria-hidden="true">{signs[kind]}</span>
      {kind === 'same' && text}
      {kind === 'added' && <ins>{text}</ins>}
      {kind === 'removed' && <del>{text}</del>}
    </li>
  );
}
