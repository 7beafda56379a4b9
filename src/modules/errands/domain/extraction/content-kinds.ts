/** What a page is, by its content type, or else by its first characters. */

export type ContentKind = 'html' | 'xml' | 'json' | 'text' | 'other';

export function contentKind(contentType: string | undefined, start = ''): ContentKind {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'html';
  if (/^(text|application)\/xml$|\+xml$/.test(type)) return 'xml';
  if (type === 'application/json' || type === 'text/json' || type.endsWith('+json')) return 'json';
  if (type.startsWith('text/') || type === 'application/javascript') return 'text';
  if (type !== '' && type !== 'application/octet-stream') return 'other';
  if (/^\s*(<!doctype html|<html)/i.test(start)) return 'html';
  if (/^\s*<\?xml/.test(start)) return 'xml';
  return /^\s*[{[]/.test(start) ? 'json' : 'other';
}
