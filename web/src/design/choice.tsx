/** A choice of one option: radio buttons that look like one segmented control. */
import { useId } from 'react';

export interface ChoiceOption<Value extends string> {
  readonly value: Value;
  readonly text: string;
}

export function Choice<Value extends string>(props: {
  legend: string;
  legendShown?: boolean;
  options: readonly ChoiceOption<Value>[];
  chosen: Value | undefined;
  wide?: boolean;
  onChoose: (value: Value) => void;
}) {
  const name = useId();
  return (
    <fieldset>
      <legend className={props.legendShown ? 'label' : 'out-of-sight'}>{props.legend}</legend>
      <div className={props.wide ? 'choice choice-wide' : 'choice'}>
        {props.options.map(({ value, text }) => (
          <label key={value}>
            <input type="radio" name={name} value={value} checked={value === props.chosen} onChange={() => props.onChoose(value)} />
            {text}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
