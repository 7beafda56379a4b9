/** The present password, asked again before changes that would help a thief at an open screen. */
import { PasswordField } from '#web/design/form.tsx';
import { usePeopleWords } from './words.ts';

export function PresentPasswordField() {
  const { account: words } = usePeopleWords();
  return <PasswordField label={words.present} name="password" hint={words.presentHint} autoComplete="current-password" maxLength={1_000} />;
}
