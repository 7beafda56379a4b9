/** What the pages around accounts are called in the menus. */
import type { Name } from '#web/area.ts';

export const names = {
  account: { en: 'Account and security', de: 'Konto und Sicherheit' },
  mailbox: { en: 'Mailbox of the demonstration', de: 'Postfach der Vorführung' },
} satisfies Record<string, Name>;

export const adminNames = {
  accounts: { en: 'Accounts', de: 'Konten' },
  events: { en: 'Audit trail', de: 'Protokoll' },
} satisfies Record<string, Name>;
