/** For those who try again: takes failures that may be retried, and calls any other a defect. */
import assert from 'node:assert/strict';
import { KontorError } from '#core/errors.ts';

export function onlyRetryable(error: unknown): undefined {
  assert.ok(error instanceof KontorError && error.retryable, `not a failure that may be retried: ${error}`);
}
