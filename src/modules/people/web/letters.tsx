/** Letters as a demonstration shows them, with their links to follow. */
import { useCallback } from 'react';
import { useResource } from '#web/api/use-resource.ts';
import { Loaded } from '#web/design/loaded.tsx';
import { useFormats } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { linkIn } from './letter-link.ts';
import { type Letter, loadLetters } from './sources.ts';
import { usePeopleWords } from './words.ts';

/** The newest letter to this address. */
export function LettersTo({ email }: { email: string }) {
  const { letter: words } = usePeopleWords();
  const load = useCallback(
    async (signal: AbortSignal) => {
      const address = email.trim().toLowerCase();
      return (await loadLetters(signal)).find(({ to }) => to === address);
    },
    [email],
  );
  return (
    <Loaded resource={useResource(load)} height="10rem">
      {(letter) => (
        <>
          <p className="label">{words.demo}</p>
          {letter === undefined ? <p>{words.none}</p> : <LetterSheet letter={letter} />}
        </>
      )}
    </Loaded>
  );
}

export function LetterSheet({ letter, addressed = false }: { letter: Letter; addressed?: boolean }) {
  const words = usePeopleWords();
  const formats = useFormats();
  const link = linkIn(letter.text);
  return (
    <article className="letter">
      <header>
        <h2>{letter.subject}</h2>
        <p className="label">
          {addressed && `${words.mailbox.to(letter.to)} · `}
          {formats.date(letter.postedAt)}
        </p>
      </header>
      <p className="letter-text">{letter.text}</p>
      {link !== undefined && (
        <Link className="button button-strong" href={link}>
          {words.letter.open}
        </Link>
      )}
    </article>
  );
}
