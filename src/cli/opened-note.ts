/** The text shown when the house has opened. */
import type { Config } from '#config/options.ts';
import { alignedColumns } from '#core/command/columns.ts';
import type { House } from '#house/house.ts';
import { version } from '#house/version.ts';

export function openedNote({ url, roles }: House, config: Config): string {
  const rows = [
    ['  Open', roles.includes('web') ? url : ''],
    ['  API', `${url}/api/docs`],
    ['  Metrics', `${url}/metrics`],
    ['  Roles', roles.includes('all') ? 'all' : roles.join(', ')],
    ['  Data', config.stateUrl.startsWith('sqlite:') ? config.dataDir : 'see `kontor config`'],
    ['  Stop', 'Ctrl-C'],
  ];
  return `\nKontor ${version} is open.\n\n${alignedColumns(rows.filter(([, value]) => value !== ''))}\n`;
}
