/** The field for a promo code: where customers use one, and where admins make one. */
import { TextField } from '#web/design/form.tsx';

export function PromoCodeField({ label }: { label: string }) {
  return (
    <TextField label={label} name="code" minLength={2} maxLength={40} pattern="[A-Za-z0-9 ._\-]+" autoComplete="off" spellCheck={false} />
  );
}
