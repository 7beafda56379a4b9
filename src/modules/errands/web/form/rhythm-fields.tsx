/** How often an errand is done: presets for everybody, and one's own rhythm. */
import { Choice } from '#web/design/choice.tsx';
import { SelectField, TextField } from '#web/design/form.tsx';
import { useErrandsWords } from '../words.ts';
import { rhythms, type Unit, units } from './draft.ts';
import type { DraftProps } from './order-form.tsx';

const ownKinds = ['interval', 'cron', 'once'] as const;

export function RhythmFields({ draft, onChange }: DraftProps) {
  const { form: words } = useErrandsWords();
  const once = draft.rhythm === 'own' && draft.ownKind === 'once';
  return (
    <>
      <Choice
        legend={words.rhythm}
        legendShown
        chosen={draft.rhythm}
        options={rhythms.map((value) => ({ value, text: words.rhythms[value] }))}
        onChoose={(rhythm) => onChange({ rhythm })}
      />
      <p className="form-hint">{words.rhythmHints[draft.rhythm]}</p>
      {(draft.rhythm === 'daily' || draft.rhythm === 'workdays') && (
        <TextField
          label={words.time}
          name="time"
          type="time"
          short
          value={draft.time}
          onChange={({ target }) => onChange({ time: target.value })}
        />
      )}
      {draft.rhythm === 'own' && <OwnRhythm draft={draft} onChange={onChange} />}
      {!once && (
        <div className="errands-limit">
          <Choice
            legend={words.howMany}
            legendShown
            chosen={draft.limited ? 'limited' : 'endless'}
            options={[
              { value: 'limited', text: words.limited },
              { value: 'endless', text: words.endless },
            ]}
            onChoose={(value) => onChange({ limited: value === 'limited' })}
          />
          {draft.limited && (
            <TextField
              label={words.repetitions}
              name="repetitions"
              type="number"
              short
              min={1}
              max={1_000_000}
              value={draft.repetitions}
              onChange={({ target }) => onChange({ repetitions: target.value })}
            />
          )}
        </div>
      )}
      {!once && !draft.limited && <p className="form-hint">{words.endlessHint}</p>}
    </>
  );
}

function OwnRhythm({ draft, onChange }: DraftProps) {
  const { form: words } = useErrandsWords();
  return (
    <div className="form-pair">
      <SelectField
        label={words.ownKind}
        name="repeat/kind"
        value={draft.ownKind}
        options={ownKinds.map((value) => ({ value, text: words.ownKinds[value] }))}
        onChange={({ target }) => onChange({ ownKind: ownKinds.find((kind) => kind === target.value) ?? 'interval' })}
      />
      {draft.ownKind === 'interval' && (
        <>
          <TextField
            label={words.every}
            name="repeat/seconds"
            type="number"
            min={1}
            max={100_000}
            value={draft.every}
            onChange={({ target }) => onChange({ every: target.value })}
          />
          <SelectField
            label={words.unit}
            name="unit"
            value={draft.unit}
            options={(Object.keys(units) as Unit[]).map((value) => ({ value, text: words.units[value] }))}
            onChange={({ target }) => onChange({ unit: target.value as Unit })}
          />
        </>
      )}
      {draft.ownKind === 'cron' && (
        <TextField
          label={words.cron}
          name="repeat/expression"
          hint={words.cronHint}
          autoCapitalize="none"
          spellCheck={false}
          maxLength={200}
          value={draft.cron}
          onChange={({ target }) => onChange({ cron: target.value })}
        />
      )}
    </div>
  );
}
