/** How results come to programs: as files, as a stream, and by signed webhooks. */
import { Sheet } from '#web/design/sheet.tsx';
import { Link } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { ForMembers } from '#web/session/for-members.tsx';
import { Command } from '../command.tsx';
import { ErrandsHead } from '../errands-head.tsx';
import { TokenButton } from '../token-button.tsx';
import { useErrandsWords } from '../words.ts';
import { WebhookSheet } from './webhook-sheet.tsx';

export function ReceivePage() {
  const { receive: words, market } = useErrandsWords();
  usePageTitle(words.title);
  return (
    <div className="page">
      <ErrandsHead title={words.title} back={{ href: '/errands', text: market.back }} />
      <ForMembers>
        {() => (
          <div className="errands-columns">
            <FilesSheet />
            <div className="errands-side">
              <StreamSheet />
              <WebhookSheet />
            </div>
          </div>
        )}
      </ForMembers>
    </div>
  );
}

function FilesSheet() {
  const { receive: words } = useErrandsWords();
  return (
    <Sheet title={words.files} padded>
      <p className="soft">{words.filesHint}</p>
      <ol className="errands-recipe">
        <li>
          {words.makeToken} <TokenButton purpose="fetch" />
        </li>
        <li>
          {words.run}
          <Command
            text={`export KONTOR_URL=${window.location.origin}\nexport KONTOR_TOKEN=kontor_pat_…\nkontor errands fetch --to results`}
          />
        </li>
      </ol>
      <p className="soft">{words.filesPromise}</p>
    </Sheet>
  );
}

function StreamSheet() {
  const { receive: words } = useErrandsWords();
  return (
    <Sheet title={words.stream} padded>
      <p className="soft">{words.streamHint}</p>
      <Command text={`curl -N -H "authorization: Bearer $KONTOR_TOKEN" \\\n  ${window.location.origin}/api/errands/feed/events?after=0`} />
      <p>
        <Link href="/api/docs">{words.apiDocs}</Link>
      </p>
    </Sheet>
  );
}
