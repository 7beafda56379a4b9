/** Calendar files: what RFC 5545 asks of lines and texts, read back by another program. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import ICAL from 'ical.js';
import { type CalendarEvent, calendarFile } from './calendar-file.ts';

const event: CalendarEvent = {
  uid: 'KF-0000-0000-0000-1@flights.kontor',
  startsAt: Date.UTC(2026, 11, 1, 6, 40),
  endsAt: Date.UTC(2026, 11, 2, 0, 5),
  summary: 'KO1 Lisbon (LIS) – Tokyo (HND)',
  location: 'Lisbon',
  description: 'one\ntwo',
  cancelled: false,
  changedAt: Date.UTC(2026, 10, 27, 11, 2, 40),
};

const read = (text: string) => new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent');

describe('a calendar file', () => {
  it('has times in UTC, and says when an event changed or was cancelled', () => {
    const text = calendarFile([event, { ...event, uid: 'two', cancelled: true }]);
    for (const line of [
      'DTSTART:20261201T064000Z',
      'DTEND:20261202T000500Z',
      'DTSTAMP:20261127T110240Z',
      'STATUS:CONFIRMED',
      'SEQUENCE:0',
    ]) {
      assert.ok(text.includes(`\r\n${line}\r\n`), line);
    }
    const [first, second] = read(text);
    assert.equal(new ICAL.Event(first).startDate.toJSDate().getTime(), event.startsAt);
    assert.deepEqual([second?.getFirstPropertyValue('status'), second?.getFirstPropertyValue('sequence')], ['CANCELLED', 1]);
  });

  it('holds any text in lines of at most 75 octets, and no text can add a property', () => {
    const text = fastCheck.string({ unit: 'grapheme', maxLength: 300 });
    const nasty = fastCheck.constantFrom(
      '\r\nEND:VEVENT\r\nBEGIN:VEVENT',
      'a;b,c\\n',
      '\u0000\u0007',
      '\u{1F6EB}'.repeat(60),
      ' leading',
      '\n\n',
    );
    const property = fastCheck.property(fastCheck.array(fastCheck.oneof(text, nasty), { maxLength: 5 }), (parts) => {
      const description = parts.join('');
      const file = calendarFile([{ ...event, summary: description, description }]);
      for (const line of file.split('\r\n')) {
        assert.ok(Buffer.byteLength(line) <= 75);
        assert.ok(line.isWellFormed());
        assert.doesNotMatch(line, /[\r\n\0]/);
      }
      const events = read(file);
      assert.equal(events.length, 1);
      const plain = description.replaceAll(/\r\n?/g, '\n').replaceAll(/(?!\n)\p{Cc}/gu, '');
      assert.equal(events[0]?.getFirstPropertyValue('description'), plain);
      assert.equal(events[0]?.getAllProperties().length, 9);
    });
    fastCheck.assert(property);
  });
});
