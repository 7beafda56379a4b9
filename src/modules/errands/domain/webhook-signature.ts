/** Signs what is sent to receivers, by the rules of Standard Webhooks, for which there are libraries in many languages. */
import { createHmac } from 'node:crypto';

/** As people copy it into their receiver. */
export function shownSecret(secret: string): string {
  return `whsec_${Buffer.from(secret).toString('base64')}`;
}

/** The same id each time that a result is sent: a receiver drops those it has. `at` is in milliseconds. */
export function signedHeaders(
  secret: string,
  message: { readonly id: string; readonly at: number; readonly body: string },
): Record<string, string> {
  const timestamp = Math.floor(message.at / 1_000);
  const signature = createHmac('sha256', secret).update(`${message.id}.${timestamp}.${message.body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': message.id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${signature}`,
  };
}
