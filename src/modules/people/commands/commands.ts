/** `kontor people create-admin|list|letters|lock|unlock`: accounts from the command line. */
import { alignedColumns } from '#core/command/columns.ts';
import type { Call, Command } from '#core/command/command.ts';

export const peopleCreateAdminCommand: Command = {
  name: 'people create-admin',
  usage: 'EMAIL',
  says: 'Opens an account for an admin, and prints its password.',
  details:
    'Where the address has an account, it becomes an admin with a new password and is logged out everywhere; the links of letters and all access tokens end. Its second factor stays.',
  flags: [{ name: '--keep-tokens', says: 'Lets the access tokens of the account go on, and lists them.' }],
  operands: { min: 1, max: 1 },
  async run(call) {
    const [email = ''] = call.operands;
    const { createPeopleAdmin } = await import('./accounts.ts');
    const admin = await createPeopleAdmin(call, email, call.flag('--keep-tokens') !== undefined);
    if (admin.endedTokens.length > 0) call.note(`These access tokens ended: ${admin.endedTokens.join(', ')}.`);
    if (admin.keptTokens.length > 0) call.note(`These access tokens go on: ${admin.keptTokens.join(', ')}.`);
    call.note(`${admin.email} is an admin. The password, shown this once:`);
    call.print(admin.password);
    return 0;
  },
};

export const peopleListCommand: Command = {
  name: 'people list',
  usage: '[PART]',
  says: 'Lists accounts: all, or those with PART in their address or name.',
  operands: { min: 0, max: 1 },
  async run(call) {
    const { listPeople } = await import('./accounts.ts');
    const people = await listPeople(call, call.operands[0]);
    call.print(alignedColumns([['EMAIL', 'ROLE', 'STATE', 'NAME'], ...people.map(rowOf)]));
    return 0;
  },
};

function rowOf({ email, role, locked, name }: { email: string; role: string; locked: boolean; name: string }): readonly string[] {
  return [email, role, locked ? 'locked' : 'open', name];
}

export const peopleLettersCommand: Command = {
  name: 'people letters',
  usage: '[EMAIL]',
  says: 'Shows the letters that the house keeps because no MAIL_URL is set, newest first.',
  details: 'Their links open accounts and set passwords: give a letter only to the person it is for.',
  operands: { min: 0, max: 1 },
  async run(call) {
    const { listLetters } = await import('./accounts.ts');
    const letters = await listLetters(call, call.operands[0]);
    if (letters.length === 0) call.note('no letters');
    for (const { to, postedAt, subject, text } of letters)
      call.print(`To: ${to}\nDate: ${new Date(postedAt).toISOString()}\nSubject: ${subject}\n\n${text}\n`);
    return 0;
  },
};

export const peopleLockCommand: Command = {
  name: 'people lock',
  usage: 'EMAIL',
  says: 'Locks an account: its sessions and tokens end, and it cannot log in.',
  operands: { min: 1, max: 1 },
  run: (call) => lock(call, true),
};

export const peopleUnlockCommand: Command = {
  name: 'people unlock',
  usage: 'EMAIL',
  says: 'Lets a locked account log in again.',
  operands: { min: 1, max: 1 },
  run: (call) => lock(call, false),
};

async function lock(call: Call, locked: boolean): Promise<number> {
  const [email = ''] = call.operands;
  const { lockPerson } = await import('./accounts.ts');
  await lockPerson(call, email, locked);
  call.note(`${email} is ${locked ? 'locked' : 'open'}.`);
  return 0;
}
