/** The header that names a request, so that it is done once however often it is sent. */
import { Type } from 'typebox';

const pattern = '^[!-~]{8,200}$';

export function idempotencyHeaders(description: string) {
  return Type.Object({ 'idempotency-key': Type.String({ pattern, description }) });
}

export const IdempotencyHeaders = idempotencyHeaders(
  'Names the request, 8 to 200 visible ASCII characters. Sent again with the same body, it gets its first answer and does nothing more',
);

/** A filter of lists: a client that lost the answer to a request finds out with it what the request made. */
export const requestKeyFilter = Type.Optional(
  Type.String({ pattern, description: 'Only what the request with this Idempotency-Key made: nothing, if it was not done so far' }),
);
