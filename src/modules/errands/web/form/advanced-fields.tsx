/** What few orders need: start and zone, active hours, what happens when runs are late, delivery to programs, and the request itself. */
import { Choice } from '#web/design/choice.tsx';
import { CheckField, LongTextField, SelectField, TextField } from '#web/design/form.tsx';
import { useErrandsWords } from '../words.ts';
import type { DraftProps } from './order-form.tsx';

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;
const catchUps = ['one', 'skip', 'all'] as const;
const overlaps = ['skip', 'allow'] as const;
const methods = ['GET', 'HEAD'] as const;
const copies = ['1', '2', '3'] as const;

export function AdvancedFields({ draft, onChange }: DraftProps) {
  const { form: words } = useErrandsWords();
  return (
    <details className="errands-advanced">
      <summary>{words.advanced}</summary>
      <div className="form">
        <When draft={draft} onChange={onChange} />
        <Hours draft={draft} onChange={onChange} />
        <Late draft={draft} onChange={onChange} />
        <Request draft={draft} onChange={onChange} />
        <ToPrograms draft={draft} onChange={onChange} />
      </div>
    </details>
  );
}

function When({ draft, onChange }: DraftProps) {
  const { form: words } = useErrandsWords();
  return (
    <div className="form-pair">
      <TextField
        label={words.start}
        name="start"
        type="datetime-local"
        required={false}
        hint={words.startHint}
        value={draft.start}
        onChange={({ target }) => onChange({ start: target.value })}
      />
      <TextField
        label={words.zone}
        name="zone"
        list="errands-zones"
        maxLength={60}
        value={draft.zone}
        onChange={({ target }) => onChange({ zone: target.value })}
      />
      <datalist id="errands-zones">
        {Intl.supportedValuesOf('timeZone').map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <TextField
        label={words.jitter}
        name="jitterSeconds"
        type="number"
        min={0}
        max={1_440}
        step="any"
        hint={words.jitterHint}
        value={draft.jitterMinutes}
        onChange={({ target }) => onChange({ jitterMinutes: target.value })}
      />
    </div>
  );
}

function Hours({ draft, onChange }: DraftProps) {
  const { form: words } = useErrandsWords();
  return (
    <fieldset>
      <legend className="label">{words.hours}</legend>
      <CheckField
        label={words.someHours}
        name="someHours"
        checked={draft.someHours}
        onChange={({ target }) => onChange({ someHours: target.checked })}
      />
      {draft.someHours && (
        <>
          <div className="checks">
            {weekdays.map((day) => (
              <CheckField
                key={day}
                label={words.weekdays[day]}
                name={`day-${day}`}
                checked={draft.days.includes(day)}
                onChange={({ target }) =>
                  onChange({ days: weekdays.filter((one) => (one === day ? target.checked : draft.days.includes(one))) })
                }
              />
            ))}
          </div>
          <div className="form-pair">
            <TextField
              label={words.from}
              name="activeHours/from"
              type="time"
              value={draft.from}
              onChange={({ target }) => onChange({ from: target.value })}
            />
            <TextField
              label={words.to}
              name="activeHours/to"
              type="time"
              value={draft.to}
              onChange={({ target }) => onChange({ to: target.value })}
            />
          </div>
        </>
      )}
    </fieldset>
  );
}

function Late({ draft, onChange }: DraftProps) {
  const { form: words } = useErrandsWords();
  return (
    <div className="form-pair">
      <SelectField
        label={words.catchUp}
        name="catchUp"
        hint={words.catchUpHint}
        value={draft.catchUp}
        options={catchUps.map((value) => ({ value, text: words.catchUps[value] }))}
        onChange={({ target }) => onChange({ catchUp: catchUps.find((rule) => rule === target.value) ?? 'one' })}
      />
      <SelectField
        label={words.overlap}
        name="overlap"
        value={draft.overlap}
        options={overlaps.map((value) => ({ value, text: words.overlaps[value] }))}
        onChange={({ target }) => onChange({ overlap: overlaps.find((rule) => rule === target.value) ?? 'skip' })}
      />
    </div>
  );
}

function Request({ draft, onChange }: DraftProps) {
  const { form: words } = useErrandsWords();
  return (
    <>
      <Choice
        legend={words.method}
        legendShown
        chosen={draft.method}
        options={methods.map((value) => ({ value, text: words.methods[value] }))}
        onChoose={(method) => onChange({ method })}
      />
      <LongTextField
        label={words.headers}
        name="headers"
        hint={words.headersHint}
        placeholder={'accept-language: de'}
        spellCheck={false}
        maxLength={2_000}
        value={draft.headers}
        onChange={({ target }) => onChange({ headers: target.value })}
      />
      <Choice
        legend={words.copies}
        legendShown
        chosen={copies.find((count) => count === draft.copies)}
        options={copies.map((value) => ({ value, text: value }))}
        onChoose={(count) => onChange({ copies: count })}
      />
      <p className="form-hint">{words.copiesHint}</p>
    </>
  );
}

function ToPrograms({ draft, onChange }: DraftProps) {
  const { form: words } = useErrandsWords();
  return (
    <div className="form-pair">
      <TextField
        label={words.webhook}
        name="webhook"
        hint={words.webhookHint}
        required={false}
        inputMode="url"
        placeholder="https://example.org/hook"
        maxLength={2_000}
        value={draft.webhook}
        onChange={({ target }) => onChange({ webhook: target.value })}
      />
      <TextField
        label={words.instrument}
        name="instrument"
        hint={words.instrumentHint}
        required={false}
        placeholder="ERRANDS.TEA"
        autoCapitalize="characters"
        maxLength={12}
        value={draft.instrument}
        onChange={({ target }) => onChange({ instrument: target.value })}
      />
    </div>
  );
}
