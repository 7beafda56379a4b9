/** `kontor open` */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readStatus } from '#cluster/status-file.ts';
import type { Config } from '#config/options.ts';
import { KontorError } from '#core/errors.ts';
import { addressOf, answersAsHouse } from '#house/running.ts';
import type { HouseCommand } from '../house-command.ts';

export const openCommand: HouseCommand = {
  name: 'open',
  usage: '[PAGE]',
  says: 'Opens the page of the running house in a browser, and prints its address.',
  details: [
    'PAGE is the rest of the address, such as shop or stocks/MSFT. The house is found by HOST and PORT, a cluster by DATA_DIR. Where there is',
    'no screen, the address is only printed. Exits 1 where no house answers.',
  ].join('\n'),
  flags: [{ name: '--print', says: 'Only prints the address.' }],
  operands: { min: 0, max: 1 },
  async run({ operands: [page = ''], settings, flag, print, note }) {
    const address = new URL(`/${page.replace(/^\/+/, '')}`, await houseAddress(settings.config)).href;
    print(address);
    const opener = openerFor(process.platform, process.env);
    if (flag('--print') !== undefined || opener === undefined) return 0;
    if (!(await start([...opener, address]))) note('No browser could be started: open the address by hand.');
    return 0;
  },
};

/** Where people reach the house that answers on this machine. */
async function houseAddress(config: Config): Promise<string> {
  const cluster = readStatus(config.dataDir)?.url;
  if (cluster === undefined && config.port === 0)
    throw new KontorError('not_found', 'with PORT=0 every house has another port: the house said which one when it opened');
  const local = cluster ?? addressOf(config);
  if (await answersAsHouse(local)) return config.publicUrl ?? local;
  throw new KontorError('not_found', `no house answers at ${local}: start one with \`kontor up\`, or say where it is with HOST and PORT`);
}

/** The program that opens an address with what the user has chosen for it; undefined where there is no screen. */
function openerFor(
  platform: string,
  { DISPLAY, WAYLAND_DISPLAY }: Readonly<Record<string, string | undefined>>,
): readonly string[] | undefined {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return DISPLAY === undefined && WAYLAND_DISPLAY === undefined ? undefined : ['xdg-open'];
}

/** Without a shell, which could read more into an address. The browser outlives this command. */
async function start([program = '', ...argv]: readonly string[]): Promise<boolean> {
  const child = spawn(program, argv, { stdio: 'ignore', detached: true });
  child.unref();
  return once(child, 'spawn').then(
    () => true,
    () => false,
  );
}
