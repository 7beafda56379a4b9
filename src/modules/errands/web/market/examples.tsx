/** Orders of the demonstration, each with one click: coins from the faucet where they are missing, then the order. */
import { useState } from 'react';
import { useResource } from '#web/api/use-resource.ts';
import { Coins } from '#web/design/coins.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { Link, navigate } from '#web/routing/navigation.tsx';
import { withNext } from '#web/routing/next.ts';
import { loadBalance, useSession } from '#web/session/session.ts';
import { priceOf } from '../form/draft.ts';
import { type Example, loadExamples, orderExample } from '../sources.ts';
import { useErrandsWords } from '../words.ts';

export function Examples() {
  const { examples: words } = useErrandsWords();
  const resource = useResource(loadExamples);
  return (
    <Sheet title={words.title} padded>
      <p className="soft">
        {words.hint}{' '}
        <a href="/demo-site" target="_blank" rel="noopener">
          {words.site}
        </a>
      </p>
      <Loaded resource={resource} height="8rem">
        {(examples) => (examples.length === 0 ? <p className="soft">{words.none}</p> : <Offers examples={examples} />)}
      </Loaded>
    </Sheet>
  );
}

function Offers({ examples }: { examples: readonly Example[] }) {
  const { examples: words } = useErrandsWords();
  const tell = useToasts();
  const failureText = useFailureText();
  const member = useSession().state === 'member';
  const [busy, setBusy] = useState(false);

  const order = async (example: Example) => {
    setBusy(true);
    try {
      const { id } = await orderExample(example);
      navigate(`/errands/orders/${id}`);
      await loadBalance();
    } catch (failure) {
      tell('bad', failureText(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <ul className="errands-examples">
      {examples.map((example) => {
        const { title, text } = words.each[example.name];
        return (
          <li key={example.name}>
            <h3>{title}</h3>
            <p className="soft">{text}</p>
            <p>
              <Coins amount={priceOf(example.order)} />
            </p>
            {member ? (
              <button type="button" className="button" disabled={busy} onClick={() => order(example)}>
                {words.order(title)}
              </button>
            ) : (
              <Link className="button" href={withNext('/login', '/errands')}>
                {words.logIn(title)}
              </Link>
            )}
          </li>
        );
      })}
    </ul>
  );
}
