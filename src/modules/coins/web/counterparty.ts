/** What the other side of an entry is called: a module's account by its name, a person's wallet by the beginning of its number. */
import { accountName } from '#web/book-names.ts';
import { useLanguage } from '#web/language/language.ts';
import { useWalletWords } from './words.ts';

export function useCounterpartyName(): (id: string) => string {
  const words = useWalletWords();
  const language = useLanguage();
  return (id) => {
    const [kind, owner = ''] = id.split(':', 2);
    return kind === 'wallet' ? words.account(owner.slice(0, 8)) : (accountName(id, language) ?? id);
  };
}
