/** Entity tags: what a client has already, it is not sent again. */
import { createHash } from 'node:crypto';

/** A strong tag of these bytes. */
export function etagOf(body: Uint8Array): string {
  return `"${hashOf(body)}"`;
}

export function hashOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('base64url').slice(0, 22);
}

/** Whether `If-None-Match` names the tag. */
export function etagMatches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag || candidate.trim() === '*');
}
