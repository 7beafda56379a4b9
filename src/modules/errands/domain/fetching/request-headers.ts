/** Which headers a fetch may send. */

/** What people may set for an order. None carries a secret: miners see them. */
const forOrders = [
  'accept',
  'accept-language',
  'cache-control',
  'dnt',
  'if-modified-since',
  'if-none-match',
  'pragma',
  'referer',
  'user-agent',
] as const;

/** What the house may set besides, on its own webhooks. */
const forWebhooks = /^(content-type|idempotency-key|webhook-[a-z-]{1,40}|kontor-[a-z-]{1,40})$/;

const maxHeaders = 16;
const maxHeaderChars = 1_024;

export const headerRefusals = {
  header_not_allowed: `only these headers may be sent: ${forOrders.join(', ')}`,
  header_invalid: `a header is a line of at most ${maxHeaderChars} plain characters`,
  too_many_headers: `at most ${maxHeaders} headers may be sent`,
} as const;

export type HeaderRefusal = keyof typeof headerRefusals;

export type CheckedHeaders =
  | { readonly kind: 'valid'; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'refused'; readonly reason: HeaderRefusal; readonly header: string };

/** Names come back in lower case. */
export function checkHeaders(headers: Readonly<Record<string, string>>, purpose: 'order' | 'webhook'): CheckedHeaders {
  const entries = Object.entries(headers);
  if (entries.length > maxHeaders) return { kind: 'refused', reason: 'too_many_headers', header: '' };
  const checked: Record<string, string> = {};
  for (const [given, value] of entries) {
    const header = given.toLowerCase();
    const known = forOrders.some((name) => name === header) || (purpose === 'webhook' && forWebhooks.test(header));
    if (!known || header in checked) return { kind: 'refused', reason: 'header_not_allowed', header: given };
    // Line breaks would begin another header, and other control characters confuse proxies.
    if (value.length > maxHeaderChars || !/^[\x20-\x7e]*$/.test(value)) return { kind: 'refused', reason: 'header_invalid', header };
    checked[header] = value;
  }
  return { kind: 'valid', headers: checked };
}
