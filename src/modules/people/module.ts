/** Everything the house must know of accounts and sessions. */
import type { Module } from '#core/module.ts';
import type { Web } from '#http/types.ts';
import {
  peopleCreateAdminCommand,
  peopleLettersCommand,
  peopleListCommand,
  peopleLockCommand,
  peopleUnlockCommand,
} from './commands/commands.ts';
import { peopleOptions, sessionRulesFrom } from './options.ts';
import { peopleRole } from './roles/people.ts';
import { identifyFrom } from './store/sessions/identify.ts';
import { factorSecrets, peopleMigrations, signingSecrets } from './store/tables.ts';

export const peopleModule: Module<Web, typeof peopleOptions> = {
  name: 'people',
  says: 'Accounts and sessions.',
  options: peopleOptions,
  migrations: peopleMigrations,
  sealed: [factorSecrets, signingSecrets],
  commands: [peopleCreateAdminCommand, peopleListCommand, peopleLettersCommand, peopleLockCommand, peopleUnlockCommand],
  roles: (settings) => [
    peopleRole({
      sessionRules: sessionRulesFrom(settings),
      adminEmail: settings.adminEmail,
      publicOrigin: settings.publicOrigin,
      linksByRequest: settings.linksByRequest,
      farewells: settings.farewells,
      announce: ({ email, password }) =>
        settings.announce(
          `The house is new. Log in as its admin, and change the password (shown only this once; \`kontor people create-admin\` makes another):\n\n  ${email}\n  ${password}`,
        ),
    }),
  ],
  laws: () => [],
  identify: (settings, ports) => identifyFrom(ports, sessionRulesFrom(settings)),
};
