/** Names of departments: translated where there is a word, else as they are stored. */
import { useResource } from '#web/api/use-resource.ts';
import { loadCategories } from './sources.ts';
import { useShopWords } from './words.ts';

export function useDepartmentNames(): (id: string) => string {
  const { departments } = useShopWords();
  const loaded = useResource(loadCategories);
  const categories = loaded.state === 'ready' ? loaded.value.categories : [];
  // An id is shown only where there is no name, and not while the names are on their way.
  return (id) => departments[id] ?? categories.find((category) => category.id === id)?.name ?? (loaded.state === 'loading' ? '' : id);
}
