/** Whether the webhook of an order works. */
import { useCallback } from 'react';
import { useReloading } from '#web/api/use-resource.ts';
import { Loaded } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { loadWebhook, type Order, resumeWebhook, type Webhook } from '../sources.ts';
import { useOnChange } from '../use-on-change.ts';
import { useErrandsWords } from '../words.ts';

const tones = { off: 'badge', works: 'badge badge-good', fails: 'badge badge-warning', 'given-up': 'badge badge-bad' } as const;

export function WebhookSheet({ order: { id, webhook, runs } }: { order: Order }) {
  const { webhook: words } = useErrandsWords();
  const [resource, reload] = useReloading(useCallback((signal: AbortSignal) => loadWebhook(id, signal), [id]));
  useOnChange(runs.results + runs.withdrawn, reload);
  if (webhook === null) return null;
  return (
    <Sheet title={words.title} padded>
      <Loaded resource={resource} height="4rem">
        {(state) => <Known id={id} webhook={state} onChange={reload} />}
      </Loaded>
    </Sheet>
  );
}

function Known({ id, webhook, onChange }: { id: string; webhook: Webhook; onChange: () => void }) {
  const { webhook: words, reason } = useErrandsWords();
  const formats = useFormats();
  const tell = useToasts();
  const failureText = useFailureText();
  const { address, state, waiting, nextAt, takenAt, failure, failedAt } = webhook;
  const resume = async () => {
    try {
      await resumeWebhook(id);
    } catch (problem) {
      tell('bad', failureText(problem));
    }
    onChange();
  };
  return (
    <>
      <p className="errands-address">
        <span className={tones[state]}>{words.states[state]}</span> {address}
      </p>
      <p className="label">
        {takenAt === null ? words.neverTaken : words.taken(formats.moment(takenAt))} · {words.waiting(waiting)}
        {nextAt !== null && ` · ${words.next(formats.moment(nextAt))}`}
      </p>
      {failure !== null && failedAt !== null && <p className="note note-look">{words.failed(reason(failure), formats.moment(failedAt))}</p>}
      {state === 'given-up' && (
        <p>
          <button type="button" className="button" onClick={resume}>
            {words.resume}
          </button>
        </p>
      )}
    </>
  );
}
