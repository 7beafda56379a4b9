/** The names of saved files: made of a template, and safe wherever they are written. */
import { invalidOption } from '#core/command/invalid-option.ts';
import type { ResultItem } from '../../domain/result-items.ts';

export const defaultTemplate = '{order}/{due}-{number}.{ext}';

const placeholders = ['order', 'number', 'feed', 'due', 'date', 'time', 'generation', 'slot', 'host', 'status', 'changed', 'ext'] as const;
type Placeholder = (typeof placeholders)[number];

const maxTemplateLength = 300;
/** Characters of what stands in for a placeholder. */
const maxPartLength = 80;
/** Bytes of a name in a folder, with room for the ending of unfinished files; file systems take 255. */
const maxSegmentBytes = 200;
/** Names that Windows keeps for devices, with any ending. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Refuses a template that could lead out of the folder, or give names that not every file system takes. */
export function readTemplate(text: string): string {
  const refused = (why: string) => invalidOption('--name', `--name is "${text}": ${why}`);
  if (text.length > maxTemplateLength) throw refused(`it has more than ${maxTemplateLength} characters`);
  for (const [whole, name] of text.matchAll(/\{([^}]*)\}/g)) {
    if (!(placeholders as readonly string[]).includes(name ?? ''))
      throw refused(`there is no ${whole}; there is ${placeholders.map((each) => `{${each}}`).join(' ')}`);
  }
  const plain = text.replace(/\{\w+\}/g, 'x');
  if (!/^[A-Za-z0-9._/-]+$/.test(plain))
    throw refused('beside placeholders it may have letters, digits, dots, hyphens, underscores and slashes');
  for (const segment of plain.split('/')) {
    if (segment === '' || segment.startsWith('.') || segment.endsWith('.'))
      throw refused('each part between slashes begins with a letter or digit, and does not end with a dot');
    if (reserved.test(segment)) throw refused(`"${segment}" is a name that Windows keeps for a device`);
  }
  if (/^index\.jsonl(\.|$)/i.test(plain)) throw refused('index.jsonl is the index');
  return text;
}

/** The path of the file in the folder, with `/` between its parts. The same for the same result, so that a file that is written again replaces itself. */
export function fileName(template: string, item: ResultItem, save: 'page' | 'value'): string {
  const parts = partsOf(item, save);
  return template
    .split('/')
    .map((segment) => safeSegment(segment.replace(/\{(\w+)\}/g, (_, name: Placeholder) => safePart(parts[name]))))
    .join('/');
}

function partsOf(item: ResultItem, save: 'page' | 'value'): Readonly<Record<Placeholder, string>> {
  // 2026-01-02T03:04:05.678Z
  const due = Temporal.Instant.fromEpochMilliseconds(item.dueAt).toString({ fractionalSecondDigits: 3 });
  const compact = due.replaceAll(/[-:]/g, '');
  return {
    order: item.order,
    number: String(item.number).padStart(6, '0'),
    feed: String(item.feed),
    due: compact.replace('.000Z', 'Z'),
    date: due.slice(0, 10),
    time: compact.slice(9, 15),
    generation: String(item.generation),
    slot: String(item.slot),
    host: hostOf(item.address),
    status: String(item.status ?? 0),
    changed: item.changed ? 'changed' : 'same',
    ext: save === 'value' ? 'txt' : endingOf(item.contentType),
  };
}

function hostOf(address: string | null): string {
  return address !== null && URL.canParse(address) ? new URL(address).host : 'unknown';
}

const endings: Readonly<Record<string, string>> = {
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  'application/json': 'json',
  'application/ld+json': 'json',
  'text/plain': 'txt',
  'text/csv': 'csv',
  'text/css': 'css',
  'text/javascript': 'js',
  'application/javascript': 'js',
  'text/xml': 'xml',
  'application/xml': 'xml',
  'application/rss+xml': 'xml',
  'application/atom+xml': 'xml',
  'application/pdf': 'pdf',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/svg+xml': 'svg',
};

function endingOf(contentType: string | null): string {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return endings[type] ?? 'bin';
}

/** What comes from a page never decides where a file goes: no slash, no dot at the start, nothing that a shell or Windows would read. */
function safePart(text: string): string {
  const plain = text
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .replace(/\.+$/, '');
  return plain.slice(0, maxPartLength) || 'x';
}

function safeSegment(segment: string): string {
  const cut = segment.slice(0, maxSegmentBytes).replace(/\.+$/, '');
  return reserved.test(cut) ? `_${cut}` : cut;
}
