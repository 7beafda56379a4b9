/** Filters of a list. Their values are in the query of the URL, so that filtered lists can be linked. */
import { replaceQuery, useQuery } from '../routing/navigation.tsx';
import { type Option, Options } from './form.tsx';
import { Icon } from './marks.tsx';

/** Sets a filter, and returns to the first page. */
function setFilter(name: string, value: string): void {
  replaceQuery({ page: '', after: '', [name]: value });
}

/** A search field that filters while the user types. */
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
          onChange={(event) => setFilter(name, event.target.value)}
        />
      </label>
    </search>
  );
}

/** The first option is the default, and is left out of the URL. */
export function SelectFilter({ name, label, options }: { name: string; label: string; options: readonly Option[] }) {
  const chosen = useQuery().get(name);
  const [first] = options;
  return (
    <label className="filter">
      <span className="label">{label}</span>
      <select
        className="field"
        value={options.find(({ value }) => value === chosen)?.value ?? first?.value}
        onChange={({ target: { value } }) => setFilter(name, value === first?.value ? '' : value)}
      >
        <Options of={options} />
      </select>
    </label>
  );
}
