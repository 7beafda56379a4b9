/** `kontor flights import` from end to end, without a house beside it. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it, type TestContext } from 'node:test';
import { main } from '#cli/main.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { maxServices } from '../domain/services-csv.ts';

const header = 'number,from,to,departs,minutes,weekdays,aircraft,economy,business,first_day,last_day';
const good = `${header}\nKO1,HAM,LIS,06:40,205,12345,A320,90,270,2020-01-01,\nKO2,LIS,HAM,11:05,190,1234567,ATR72,80,,2020-01-01,\n`;

function kontorIn(t: TestContext) {
  const folder = temporaryFolder(t);
  const count = () => {
    const books = new DatabaseSync(join(folder, 'data', 'kontor.db'), { readOnly: true });
    const { services, flights } = books
      .prepare('select (select count(*) from flights_service) services, (select count(*) from flights_flight) flights')
      .get() as { services: number; flights: number };
    books.close();
    return { services, flights };
  };
  const run = async (content: string, ...flags: string[]) => {
    const path = join(folder, 'schedule.csv');
    writeFileSync(path, content);
    const said: string[] = [];
    const noted: string[] = [];
    const channel = { print: (line: string) => said.push(line), note: (line: string) => noted.push(line) };
    const exit = await main(['flights', 'import', path, ...flags], { DATA_DIR: join(folder, 'data') }, channel);
    return { exit, said: said.join('\n'), noted: noted.join('\n') };
  };
  return { run, count };
}

describe('kontor flights import', () => {
  it('checks, stores services with their flights, and changes nothing the second time', async (t) => {
    const { run, count } = kontorIn(t);
    assert.equal((await run(good, '--dry-run')).said, 'the file is good: 2 flight numbers; nothing was stored');
    assert.equal((await run(good)).said, 'stored 2 flight numbers');
    const { services, flights } = count();
    assert.equal(services, 2);
    assert.ok(flights > 200, `${flights} flights`);
    assert.match((await run(good)).said, /^nothing to change/);
    assert.equal((await run(good.replace('06:40', '07:00'))).said, 'stored one flight number; 1 were there already');
    assert.deepEqual(count(), { services, flights });
  });

  it('names each bad line, and stores nothing', async (t) => {
    const { run, count } = kontorIn(t);
    await run(good);
    const before = count();
    const bad = [
      'K,HAM,LIS,06:40,205,12345,A320,90,270,2020-01-01,',
      'KO4,HAM,QQQ,06:40,205,12345,A320,90,270,2020-01-01,',
      'KO5,HAM,HAM,06:40,205,12345,A320,90,270,2020-01-01,',
      'KO6,HAM,LIS,24:00,205,12345,A320,90,270,2020-01-01,',
      'KO7,HAM,LIS,06:40,10,12345,A320,90,270,2020-01-01,',
      'KO8,HAM,LIS,06:40,205,1123,A320,90,270,2020-01-01,',
      'KO9,HAM,LIS,06:40,205,12345,B17,90,270,2020-01-01,',
      'KO10,HAM,LIS,06:40,205,12345,ATR72,90,270,2020-01-01,',
      'KO11,HAM,LIS,06:40,205,12345,A320,0,270,2020-01-01,',
      'KO12,HAM,LIS,06:40,205,12345,A320,90,270,2020-02-30,',
      'KO13,HAM,LIS,06:40,205,12345,A320,90,270,2020-01-02,2020-01-01',
      'KO14,"HAM,LIS',
    ];
    const { exit, noted } = await run(`${good.replace('KO1,', 'KO3,')}${bad.join('\n')}\n`);
    assert.equal(exit, 2);
    for (let line = 4; line < 4 + bad.length; line += 1) assert.match(noted, new RegExp(`^line ${line}: `, 'm'));
    assert.match(noted, /^line 7: departs is "24:00", but must be a local time from 00:00 to 23:59$/m);
    assert.deepEqual(count(), before);
  });

  it('refuses files that are no schedule, and those that are too long', async (t) => {
    const { run } = kontorIn(t);
    assert.match((await run('')).noted, /header must also name the columns number, from/);
    assert.match((await run(`${header}\n`)).noted, /holds no services/);
    assert.match((await run(`${good}KO1,HAM,LIS,06:40,205,12345,A320,90,270,2020-01-01,\n`)).noted, /KO1 is in the file already/);
    const many = Array.from({ length: maxServices + 1 }, (_, index) => `KO${index + 1},HAM,LIS,06:40,205,1,A320,90,,2020-01-01,`);
    assert.match((await run(`${header}\n${many.join('\n')}\n`)).noted, /more than 2000 rows/);
  });
});
