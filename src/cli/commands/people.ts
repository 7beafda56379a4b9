/** `kontor people create-admin|list|lock|unlock`: accounts from the command line, where no browser can. */
import { alignedColumns } from '../columns.ts';
import type { Call, Command } from '../command.ts';

export const peopleCreateAdminCommand: Command = {
  name: 'people create-admin',
  usage: 'EMAIL',
  says: 'Opens an account for an admin, and prints its password.',
  details: 'An address that has an account becomes an admin with a new password, and is logged out everywhere. A second factor stays.',
  operands: { min: 1, max: 1 },
  async run({ operands: [email = ''], settings, print, note }) {
    const { createPeopleAdmin } = await import('#house/people.ts');
    const admin = await createPeopleAdmin(settings.config, email);
    note(`${admin.email} is an admin. The password, shown this once:`);
    print(admin.password);
    return 0;
  },
};

export const peopleListCommand: Command = {
  name: 'people list',
  usage: '[PART]',
  says: 'Lists accounts; with a part of an address or name, those that have it.',
  operands: { min: 0, max: 1 },
  async run({ operands: [search], settings, print }) {
    const { listPeople } = await import('#house/people.ts');
    const people = await listPeople(settings.config, search);
    print(alignedColumns([['EMAIL', 'ROLE', 'STATE', 'NAME'], ...people.map(rowOf)]));
    return 0;
  },
};

function rowOf({ email, role, locked, name }: { email: string; role: string; locked: boolean; name: string }): readonly string[] {
  return [email, role, locked ? 'locked' : 'open', name];
}

export const peopleLettersCommand: Command = {
  name: 'people letters',
  usage: '[EMAIL]',
  says: 'Shows the letters that stayed in the house, newest first.',
  details: 'Their links open accounts and set passwords: hand a letter to nobody but the person it is for.',
  operands: { min: 0, max: 1 },
  async run({ operands: [email], settings, print, note }) {
    const { listLetters } = await import('#house/people.ts');
    const letters = await listLetters(settings.config, email);
    if (letters.length === 0) note('no letters');
    for (const { to, postedAt, subject, text } of letters)
      print(`To: ${to}\nDate: ${new Date(postedAt).toISOString()}\nSubject: ${subject}\n\n${text}\n`);
    return 0;
  },
};

export const peopleLockCommand: Command = {
  name: 'people lock',
  usage: 'EMAIL',
  says: 'Locks an account: its sessions and tokens end, and it cannot log in.',
  operands: { min: 1, max: 1 },
  run: ({ operands: [email = ''], settings, note }) => lock(settings.config, email, true, note),
};

export const peopleUnlockCommand: Command = {
  name: 'people unlock',
  usage: 'EMAIL',
  says: 'Lets a locked account log in again.',
  operands: { min: 1, max: 1 },
  run: ({ operands: [email = ''], settings, note }) => lock(settings.config, email, false, note),
};

async function lock(config: Call['settings']['config'], email: string, locked: boolean, note: Call['note']): Promise<number> {
  const { lockPerson } = await import('#house/people.ts');
  await lockPerson(config, email, locked);
  note(`${email} is ${locked ? 'locked' : 'open'}.`);
  return 0;
}
