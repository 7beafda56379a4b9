/** The mailbox of a demonstration: the letters that the house would send. */
import { useResource } from '#web/api/use-resource.ts';
import { Loaded, Waiting } from '#web/design/loaded.tsx';
import { Empty } from '#web/design/states.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { useSession } from '#web/session/session.ts';
import { LetterSheet } from './letters.tsx';
import { loadLetters } from './sources.ts';
import { usePeopleWords } from './words.ts';

export function MailboxPage() {
  const { mailbox: words } = usePeopleWords();
  const session = useSession();
  usePageTitle(words.title);
  if (session.state === 'unknown') return <Waiting />;
  if (session.state === 'closed' || !session.demo) return <Empty title={words.closed} hint={words.closedHint} level={1} />;
  return (
    <div className="page mailbox">
      <div className="page-head">
        <h1>{words.title}</h1>
      </div>
      <p className="soft">{words.hint}</p>
      <LetterList />
    </div>
  );
}

function LetterList() {
  const { mailbox: words } = usePeopleWords();
  return (
    <Loaded resource={useResource(loadLetters)}>
      {(letters) =>
        letters.length === 0 ? (
          <section className="sheet">
            <Empty title={words.empty} hint={words.emptyHint} />
          </section>
        ) : (
          letters.map((letter) => <LetterSheet key={letter.id} letter={letter} addressed />)
        )
      }
    </Loaded>
  );
}
