/** Calendar files by RFC 5545: one event for each flight. No I/O, no clock. */

export interface CalendarEvent {
  /** The same whenever the file is made, so that a calendar replaces the event. */
  readonly uid: string;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly summary: string;
  readonly location: string;
  readonly description: string;
  readonly cancelled: boolean;
  /** When it last changed. */
  readonly changedAt: number;
}

/** Octets of a line without its end. */
const maxLineOctets = 75;
const encoder = new TextEncoder();

export function calendarFile(events: readonly CalendarEvent[]): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Kontor//Flights//EN',
    'CALSCALE:GREGORIAN',
    ...events.flatMap(linesOf),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

function linesOf(event: CalendarEvent): readonly string[] {
  return [
    'BEGIN:VEVENT',
    `UID:${escaped(event.uid)}`,
    `DTSTAMP:${utc(event.changedAt)}`,
    `DTSTART:${utc(event.startsAt)}`,
    `DTEND:${utc(event.endsAt)}`,
    `SEQUENCE:${event.cancelled ? 1 : 0}`,
    `STATUS:${event.cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
    `SUMMARY:${escaped(event.summary)}`,
    `LOCATION:${escaped(event.location)}`,
    `DESCRIPTION:${escaped(event.description)}`,
    'END:VEVENT',
  ];
}

/** `20261201T064000Z`. */
function utc(at: number): string {
  const text = Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'second' });
  return text.replaceAll(/[-:]/g, '');
}

/** No text can end its line and begin a property of its own: line ends are escaped, other control characters left out. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\\;,]/g, '\\$&')
    .replaceAll(/\r\n|\r|\n/g, '\\n')
    .replaceAll(/\p{Cc}/gu, '');
}

/** Long lines go on after a blank. No character is cut in two. */
function folded(line: string): string {
  const pieces: string[] = [];
  let piece = '';
  let octets = 0;
  for (const character of line) {
    const itsOctets = encoder.encode(character).length;
    if (octets + itsOctets > maxLineOctets) {
      pieces.push(piece);
      piece = '';
      // The blank that the line goes on with counts.
      octets = 1;
    }
    piece += character;
    octets += itsOctets;
  }
  return [...pieces, piece].join('\r\n ');
}
