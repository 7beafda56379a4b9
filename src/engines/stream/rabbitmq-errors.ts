/** Maps RabbitMQ's errors to Kontor's error codes. */
import { type ErrorCode, KontorError } from '#core/errors.ts';

/** By AMQP reply code; any other error means a lost connection or channel, which may be retried. */
const meanings: Readonly<Record<number, { readonly code: ErrorCode; readonly message: string }>> = {
  403: { code: 'invalid_option', message: 'RabbitMQ refuses the name or password, or denies access to this virtual host' },
  406: { code: 'conflict', message: 'RabbitMQ has this queue with other arguments: drain and delete it, or use another virtual host' },
  506: { code: 'overloaded', message: 'RabbitMQ is out of resources' },
};

/** The driver's error for a virtual host that cannot be opened or is still starting. */
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
  // While a connection is opened, the driver gives the code only in its text.
  const code = (error as { code?: unknown }).code ?? Number(/\b(403) \(/.exec(reason)?.[1]);
  // A consumer that took too long to acknowledge gets this code, too; it only has to start again.
  if (code === 406 && !reason.includes('inequivalent')) return 0;
  return typeof code === 'number' ? code : 0;
}

/** When several addresses of one name failed, the reasons are in an AggregateError. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map((one: Error) => one.message).join('; ');
  return error instanceof Error ? error.message : String(error);
}
