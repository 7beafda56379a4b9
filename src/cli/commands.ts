/** All commands: those of the house and those of its modules. */
import { modules } from '#house/modules.ts';
import { settingsOf } from '#house/settings.ts';
import { auditCommand } from './commands/audit.ts';
import { clusterAuditCommand, clusterDownCommand, clusterStatusCommand, clusterUpCommand } from './commands/cluster.ts';
import { completionCommand } from './commands/completion.ts';
import { configCommand } from './commands/config.ts';
import { doctorCommand } from './commands/doctor.ts';
import { drillCommand } from './commands/drill.ts';
import { migrateCommand } from './commands/migrate.ts';
import { openCommand } from './commands/open.ts';
import { rolesCommand } from './commands/roles.ts';
import { runCommand } from './commands/run.ts';
import { secretsRotateCommand } from './commands/secrets.ts';
import { upCommand } from './commands/up.ts';
import { versionCommand } from './commands/version.ts';
import type { HouseCommand } from './house-command.ts';

const ofModules = modules.flatMap((module) =>
  module.commands.map(
    (command): HouseCommand => ({
      ...command,
      run: (call) => command.run({ ...call, settings: settingsOf(call.settings.config, module) }),
    }),
  ),
);

export const commands: readonly HouseCommand[] = [
  upCommand,
  runCommand,
  openCommand,
  doctorCommand,
  rolesCommand,
  migrateCommand,
  configCommand,
  auditCommand,
  secretsRotateCommand,
  clusterUpCommand,
  clusterStatusCommand,
  clusterAuditCommand,
  clusterDownCommand,
  drillCommand,
  ...ofModules,
  completionCommand(() => commands),
  versionCommand,
];
