/** `kontor version` */
import type { HouseCommand } from '../house-command.ts';

export const versionCommand: HouseCommand = {
  name: 'version',
  usage: '',
  says: 'Shows the version of Kontor and of the Node that runs it.',
  operands: { min: 0, max: 0 },
  async run({ print }) {
    const { version } = await import('#house/version.ts');
    print(`kontor ${version} (Node ${process.versions.node})`);
    return 0;
  },
};
