/** The error of an invalid option or operand: exit code 2. The message says what is valid. */
import { KontorError } from '../errors.ts';

export function invalidOption(field: string, message: string): KontorError {
  return new KontorError('invalid_option', message, { details: [{ field, message }] });
}
