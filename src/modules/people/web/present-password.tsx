/** The present password, asked once more before something that a thief at an open screen would like to do. */
import type { RequestFailure } from '#web/api/api.ts';
import { TextField } from '#web/design/form.tsx';
import { usePeopleWords } from './words.ts';

export function PresentPasswordField() {
  const { account: words } = usePeopleWords();
  return (
    <TextField
      label={words.present}
      name="password"
      type="password"
      hint={words.presentHint}
      autoComplete="current-password"
      maxLength={1_000}
    />
  );
}

export function useWrongPassword(): (failure: RequestFailure) => string | undefined {
  const { account: words } = usePeopleWords();
  // Also what is wrong with a new password comes as a field called `password`: only the present one is "not the present one".
  return ({ fields }) =>
    fields.some(({ field, message }) => field === 'password' && /present/.test(message)) ? words.wrongPassword : undefined;
}
