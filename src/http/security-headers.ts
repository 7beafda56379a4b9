/** The security headers of every answer: browsers load only resources of this origin, allow no framing, and send no referrer. */

/** `connect-src 'self'` includes ws: and wss: to the same host and port. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join(';');

/** Strict-Transport-Security is missing: the proxy that terminates TLS sets it. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  // Off, because attackers can misuse the filter of old browsers.
  'x-xss-protection': '0',
};

/** Names and values in turn. */
export const securityHeaderList: readonly string[] = Object.entries(securityHeaders).flat();
