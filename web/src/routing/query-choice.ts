/** A choice whose value is in the query of the URL, so that it can be linked, and stays after a reload and a login. */
import { replaceQuery, useQuery } from './navigation.tsx';

/** The default, and values that are not among these, are left out of the URL. */
export function useQueryChoice<Value extends string>(
  name: string,
  values: readonly Value[],
  byDefault: Value,
): readonly [Value, (value: Value) => void] {
  const asked = useQuery().get(name);
  const chosen = values.find((value) => value === asked) ?? byDefault;
  return [chosen, (value) => replaceQuery({ [name]: value === byDefault ? '' : value })];
}
