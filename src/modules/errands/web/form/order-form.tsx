/** The form of an order: address, rhythm, what to keep and how it comes; what few people need is folded. */
import type { ReactNode } from 'react';
import { Choice } from '#web/design/choice.tsx';
import { CheckField, Form, SelectField, TextField } from '#web/design/form.tsx';
import { useErrandsWords } from '../words.ts';
import { AdvancedFields } from './advanced-fields.tsx';
import { type Draft, type Part, parts } from './draft.ts';
import { RhythmFields } from './rhythm-fields.tsx';

export interface DraftProps {
  readonly draft: Draft;
  readonly onChange: (changes: Partial<Draft>) => void;
}

export function OrderForm(props: DraftProps & { submit: string; disabled?: boolean; beside?: ReactNode; onSubmit: () => Promise<void> }) {
  const { draft, onChange, submit, disabled = false, beside, onSubmit } = props;
  const { form: words } = useErrandsWords();
  return (
    <Form submit={submit} disabled={disabled} beside={beside} onSubmit={onSubmit}>
      <TextField
        label={words.address}
        name="address"
        hint={words.addressHint}
        placeholder="https://example.org/prices"
        inputMode="url"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        maxLength={2_000}
        value={draft.address}
        onChange={({ target }) => onChange({ address: target.value })}
      />
      <TextField
        label={words.name}
        name="title"
        hint={words.nameHint}
        required={false}
        maxLength={100}
        value={draft.title}
        onChange={({ target }) => onChange({ title: target.value })}
      />
      <RhythmFields draft={draft} onChange={onChange} />
      <PartFields draft={draft} onChange={onChange} />
      <fieldset>
        <legend className="label">{words.news}</legend>
        <div className="checks">
          <CheckField
            label={words.onlyChanges}
            name="onlyChanges"
            checked={draft.onlyChanges || draft.rhythm === 'changes'}
            disabled={draft.rhythm === 'changes'}
            onChange={({ target }) => onChange({ onlyChanges: target.checked })}
          />
          <CheckField label={words.mail} name="mail" checked={draft.mail} onChange={({ target }) => onChange({ mail: target.checked })} />
        </div>
        <p className="form-hint">{words.newsHint}</p>
      </fieldset>
      <AdvancedFields draft={draft} onChange={onChange} />
    </Form>
  );
}

function PartFields({ draft, onChange }: DraftProps) {
  const { form: words } = useErrandsWords();
  const whole = draft.part === 'page';
  const kinds = parts.filter((part) => part !== 'page');
  return (
    <>
      <Choice
        legend={words.keep}
        legendShown
        chosen={whole ? 'page' : 'part'}
        options={[
          { value: 'page', text: words.wholePage },
          { value: 'part', text: words.onePart },
        ]}
        onChoose={(value) => onChange({ part: value === 'page' ? 'page' : 'css' })}
      />
      {!whole && (
        <>
          <div className="form-row">
            <SelectField
              label={words.partKind}
              name="extraction/kind"
              value={draft.part}
              options={kinds.map((value) => ({ value, text: words.parts[value] }))}
              onChange={({ target }) => onChange({ part: target.value as Part })}
            />
            <TextField
              label={words.expression}
              name="extraction/expression"
              hint={words.expressionHints[draft.part]}
              placeholder={words.expressionExamples[draft.part]}
              autoCapitalize="none"
              spellCheck={false}
              maxLength={500}
              value={draft.expression}
              onChange={({ target }) => onChange({ expression: target.value })}
            />
          </div>
          <CheckField
            label={words.all}
            name="extraction/all"
            checked={draft.all}
            onChange={({ target }) => onChange({ all: target.checked })}
          />
        </>
      )}
    </>
  );
}
