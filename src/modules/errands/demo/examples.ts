/** The orders that a demonstration offers with one click. They fetch from its own site. */
import type { OrderInput } from '../api/orders/schemas.ts';
import { sitePath } from './site-pages.ts';

export const exampleNames = ['prices', 'news', 'moody'] as const;
export type ExampleName = (typeof exampleNames)[number];

interface Example {
  readonly title: string;
  readonly page: string;
  readonly seconds: number;
  readonly repetitions: number;
  readonly selector: string;
  readonly all?: boolean;
  readonly onlyChanges?: boolean;
}

const examples: Readonly<Record<ExampleName, Example>> = {
  prices: { title: 'The price of tea', page: 'prices', seconds: 10, repetitions: 60, selector: '#tea' },
  news: { title: 'News from the quay', page: 'news', seconds: 15, repetitions: 40, selector: '#news li', all: true, onlyChanges: true },
  moody: { title: 'A moody page', page: 'moody', seconds: 30, repetitions: 20, selector: '#mood' },
};

/** `host` is the house's own, such as `127.0.0.1:3000`. */
export function exampleOrder(name: ExampleName, host: string): OrderInput {
  const { title, page, seconds, repetitions, selector, all = false, onlyChanges = false } = examples[name];
  return {
    title,
    address: `http://${host}${sitePath}/${page}`,
    method: 'GET',
    headers: {},
    schedule: {
      start: null,
      zone: 'UTC',
      repeat: { kind: 'interval', seconds },
      repetitions,
      jitterSeconds: 0,
      activeHours: null,
      catchUp: 'one',
      lateSeconds: 300,
      overlap: 'allow',
    },
    extraction: { kind: 'css', expression: selector, all },
    onlyChanges,
    webhook: null,
    mail: false,
    copies: 1,
    instrument: null,
  };
}
