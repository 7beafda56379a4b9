/** What was typed, or stands in the environment, cannot be: exit code 2, and the message says what can. */
import { KontorError } from '../errors.ts';

export function invalidOption(field: string, message: string): KontorError {
  return new KontorError('invalid_option', message, { details: [{ field, message }] });
}
