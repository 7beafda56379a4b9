/** Why a plug is not pulled. */
import { says } from '#core/refusals.ts';

export const overviewRefusals = {
  'pull-under-way': says({
    code: 'conflict',
    en: () => 'Another pull is under way: wait until its books are audited.',
    de: () => 'Ein anderer Stecker ist schon gezogen: warte, bis die Bücher danach geprüft sind.',
  }),
  'pull-unknown': says({
    code: 'not_found',
    en: () => 'This cannot be pulled here, or not any more: look at the choices again.',
    de: () => 'Das lässt sich hier nicht oder nicht mehr ziehen: sieh dir die Auswahl noch einmal an.',
    advice: () => 'GET /api/overview/pulls/choices tells what can.',
  }),
  'pulls-too-many': says({
    code: 'too_many_requests',
    en: () => 'That is too often: a few pulls a minute are enough.',
    de: () => 'Das ist zu oft: ein paar Stecker in der Minute genügen.',
  }),
};
