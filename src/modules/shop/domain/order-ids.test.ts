/** Order numbers are found however they are typed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderIdIn } from './order-ids.ts';

test('a number may be typed with or without hyphens, in any case', () => {
  for (const typed of ['KO-7G2M-Q0ZD-41XB', 'ko7g2mq0zd41xb', ' ko 7g2m q0zd 41xb ']) assert.equal(orderIdIn(typed), 'KO-7G2M-Q0ZD-41XB');
});

test('a name or a part of a number is none', () => {
  for (const typed of ['Kobold', 'KO-7G2M', 'KF-7G2M-Q0ZD-41XB', '']) assert.equal(orderIdIn(typed), undefined);
});
