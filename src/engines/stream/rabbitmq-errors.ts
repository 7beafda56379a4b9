/** RabbitMQ's errors in Kontor's words. */
import { type ErrorCode, KontorError } from '#core/errors.ts';

/** By AMQP reply code; everything else means that a connection or channel was lost, which may be tried again. */
const meanings: Readonly<Record<number, { readonly code: ErrorCode; readonly message: string }>> = {
  403: { code: 'invalid_option', message: 'RabbitMQ refuses the name or password, or gives no right to this virtual host' },
  406: { code: 'conflict', message: 'RabbitMQ has this queue with other arguments: drain and delete it, or use another virtual host' },
  506: { code: 'overloaded', message: 'RabbitMQ is out of resources' },
};

/** All that the driver tells of a virtual host that cannot be opened; one that is just being started looks the same. */
const virtualHostRefused = /^Expected ConnectionOpenOk; got <ConnectionClose/;

export function rabbitmqError(error: unknown): KontorError {
  if (error instanceof KontorError) return error;
  const reason = reasonOf(error);
  if (virtualHostRefused.test(reason))
    return new KontorError('unavailable', 'RabbitMQ has no such virtual host, or it is not up yet, or this name may not use it', {
      cause: error,
    });
  const meaning = meanings[replyCodeOf(error, reason)];
  return meaning === undefined
    ? new KontorError('unavailable', `RabbitMQ cannot be reached: ${reason}`, { cause: error })
    : new KontorError(meaning.code, `${meaning.message} (${reason})`, { cause: error });
}

function replyCodeOf(error: unknown, reason: string): number {
  // while a connection is opened, the driver has the code in its text only
  const code = (error as { code?: unknown }).code ?? Number(/\b(403) \(/.exec(reason)?.[1]);
  // a consumer that took too long to acknowledge gets this code, too: it only has to begin again
  if (code === 406 && !reason.includes('inequivalent')) return 0;
  return typeof code === 'number' ? code : 0;
}

/** Several addresses of one name may each have failed: their reasons are one level down. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map((one: Error) => one.message).join('; ');
  return error instanceof Error ? error.message : String(error);
}
