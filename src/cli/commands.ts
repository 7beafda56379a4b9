/** The one table of commands: from it come the help, the suggestions, and what runs. To add one: a file in commands/, a line here. */
import type { Command } from './command.ts';
import { auditCommand } from './commands/audit.ts';
import { clusterAuditCommand, clusterDownCommand, clusterStatusCommand, clusterUpCommand } from './commands/cluster.ts';
import { coinsGrantCommand, coinsStatementCommand, coinsTransferCommand } from './commands/coins.ts';
import { configCommand } from './commands/config.ts';
import { migrateCommand } from './commands/migrate.ts';
import {
  peopleCreateAdminCommand,
  peopleLettersCommand,
  peopleListCommand,
  peopleLockCommand,
  peopleUnlockCommand,
} from './commands/people.ts';
import { rolesCommand } from './commands/roles.ts';
import { runCommand } from './commands/run.ts';
import { stocksRateCommand } from './commands/stocks-rate.ts';
import { stocksReplayCommand } from './commands/stocks-replay.ts';
import { upCommand } from './commands/up.ts';
import { versionCommand } from './commands/version.ts';

export const commands: readonly Command[] = [
  upCommand,
  runCommand,
  rolesCommand,
  migrateCommand,
  configCommand,
  auditCommand,
  clusterUpCommand,
  clusterStatusCommand,
  clusterAuditCommand,
  clusterDownCommand,
  stocksRateCommand,
  stocksReplayCommand,
  peopleCreateAdminCommand,
  peopleListCommand,
  peopleLettersCommand,
  peopleLockCommand,
  peopleUnlockCommand,
  coinsStatementCommand,
  coinsGrantCommand,
  coinsTransferCommand,
  versionCommand,
];
