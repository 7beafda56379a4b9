/** Access tokens for programs: made with what they may do, shown once, revoked. */
import { useState } from 'react';
import type { Scope } from '#core/account.ts';
import type { MadeAccessToken, NewAccessToken } from '#modules/people/api/schemas.ts';
import { RequestFailure } from '#web/api/api.ts';
import type { Resource } from '#web/api/use-resource.ts';
import { CopyButton } from '#web/design/copy-button.tsx';
import { Dialog } from '#web/design/dialog.tsx';
import { CheckField, Form, SelectField, TextField, type Typed } from '#web/design/form.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats, useWords } from '#web/language/language.ts';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { call } from './sources.ts';
import { usePeopleWords } from './words.ts';

export const loadTokens = async (signal: AbortSignal) => (await call('GET', '/api/people/me/access-tokens', { signal })).accessTokens;

export type Tokens = Awaited<ReturnType<typeof loadTokens>>;

export function AccessTokensSheet({ admin, resource, reload }: { admin: boolean; resource: Resource<Tokens>; reload: () => void }) {
  const { tokens: words } = usePeopleWords();
  const { house } = useWords();
  const formats = useFormats();
  const tell = useToasts();
  const failureText = useFailureText();
  const [made, setMade] = useState<MadeAccessToken>();
  const scopes: readonly Scope[] = admin ? ['read', 'write', 'admin', 'trades'] : ['read', 'write'];

  const make = async (typed: Typed, form: HTMLFormElement) => {
    const token: NewAccessToken = {
      name: typed('name'),
      scopes: scopes.filter((scope) => typed(scope) !== ''),
      days: Number(typed('days')),
    };
    if (token.scopes.length === 0) throw new RequestFailure(400, words.noScope);
    setMade(await call('POST', '/api/people/me/access-tokens', { body: token }));
    form.reset();
    reload();
  };
  const revoke = async (id: string, name: string) => {
    try {
      await call('DELETE', '/api/people/me/access-tokens/:id', { params: { id } });
      tell('good', words.revoked(name));
      reload();
    } catch (failure) {
      tell('bad', failureText(failure));
    }
  };
  return (
    <Sheet title={words.title}>
      <div className="sheet-body">
        <p className="soft">{words.hint}</p>
        <Loaded resource={resource} height="3rem">
          {(tokens) =>
            tokens.length === 0 ? (
              <p>{words.none}</p>
            ) : (
              <ul className="entries">
                {tokens.map(({ id, name, scopes: may, endsAt, usedAt }) => (
                  <li key={id}>
                    <div>
                      <p>
                        <b>{name}</b>
                      </p>
                      <p className="label">
                        {may.map((scope) => words.scopeTexts[scope]).join(', ')} · {words.until(formats.date(endsAt))} ·{' '}
                        {usedAt === null ? words.unused : words.used(formats.date(usedAt))}
                      </p>
                    </div>
                    <button type="button" className="button" onClick={() => revoke(id, name)}>
                      {words.revoke}
                    </button>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
        <Form submit={words.make} plain onSubmit={make}>
          <div className="form-pair">
            <TextField label={words.name} name="name" placeholder={words.namePlaceholder} maxLength={80} />
            <SelectField
              label={words.days}
              name="days"
              defaultValue="90"
              options={Object.entries(words.daysTexts).map(([value, text]) => ({ value, text }))}
            />
          </div>
          <fieldset>
            <legend className="label">{words.scopes}</legend>
            <div className="checks">
              {scopes.map((scope) => (
                <CheckField key={scope} label={words.scopeTexts[scope]} name={scope} defaultChecked={scope === 'read'} />
              ))}
            </div>
          </fieldset>
        </Form>
      </div>
      {made !== undefined && (
        <Dialog title={words.made} onClose={() => setMade(undefined)}>
          <p>{words.madeHint}</p>
          <p className="secret">{made.token}</p>
          <div className="form-actions">
            <CopyButton text={made.token} label={house.copy} />
          </div>
        </Dialog>
      )}
    </Sheet>
  );
}
