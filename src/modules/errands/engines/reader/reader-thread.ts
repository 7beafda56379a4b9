/** The thread that reads pages: it may be stopped at any moment. */
import { parentPort } from 'node:worker_threads';
import { difference } from '../../domain/difference/difference.ts';
import { readPage } from '../../domain/extraction/read-page.ts';
import { renderedText } from '../../domain/extraction/rendered-text.ts';
import type { ReaderAnswer, ReaderAsk } from './reader-calls.ts';

parentPort?.on('message', (ask: ReaderAsk) => {
  const answer: ReaderAnswer = { id: ask.id, answer: answerTo(ask) };
  parentPort?.postMessage(answer);
});

function answerTo(ask: ReaderAsk): ReaderAnswer['answer'] {
  switch (ask.kind) {
    case 'read':
      return readPage(ask.page, ask.extraction);
    case 'text':
      return renderedText(ask.page);
    case 'difference':
      return difference(ask.before, ask.after);
  }
}
