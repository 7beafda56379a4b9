/** Checks common to all stream engines. */
import { KontorError } from '#core/errors.ts';
import type { Frame } from '#core/ports/stream.ts';

const maxFrameBytes = 16 * 1_024 * 1_024;
const maxPartitionName = 120;

export function checkPublishable(partition: string, { first, count, body }: Frame): void {
  const wrong = (field: string, message: string) => new KontorError('invalid_input', message, { details: [{ field, message }] });
  if (partition === '' || partition.length > maxPartitionName)
    throw wrong('partition', `the name of a partition has 1 to ${maxPartitionName} characters`);
  if (!Number.isSafeInteger(first) || first < 1) throw wrong('first', `sequence numbers start at 1, not ${first}`);
  if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(first + count))
    throw wrong('count', `a frame holds at least one record, not ${count}`);
  if (body.length > maxFrameBytes) throw wrong('body', `a frame of ${body.length} bytes is larger than ${maxFrameBytes}`);
}
