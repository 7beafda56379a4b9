/** Narrowing a list down: what is typed or chosen stands in the address, so that it can be sent to somebody and gone back to. */
import { replaceQuery, useQuery } from '../routing/navigation.tsx';
import { type Option, Options } from './form.tsx';
import { Icon } from './marks.tsx';

/** A list that is narrowed down begins at its first page again. */
function narrow(name: string, value: string): void {
  replaceQuery({ page: '', after: '', [name]: value });
}

/** Finds as one types. */
export function FindFilter({ name, label, hint, className = '' }: { name: string; label: string; hint: string; className?: string }) {
  return (
    <search className={`find ${className}`}>
      <label>
        <span className="out-of-sight">{label}</span>
        <Icon name="find" />
        <input
          className="field"
          type="search"
          placeholder={hint}
          value={useQuery().get(name) ?? ''}
          maxLength={100}
          onChange={(event) => narrow(name, event.target.value)}
        />
      </label>
    </search>
  );
}

/** The first option stands in the address as nothing. */
export function SelectFilter({ name, label, options }: { name: string; label: string; options: readonly Option[] }) {
  const chosen = useQuery().get(name);
  const [first] = options;
  return (
    <label className="filter">
      <span className="label">{label}</span>
      <select
        className="field"
        value={options.find(({ value }) => value === chosen)?.value ?? first?.value}
        onChange={({ target: { value } }) => narrow(name, value === first?.value ? '' : value)}
      >
        <Options of={options} />
      </select>
    </label>
  );
}
