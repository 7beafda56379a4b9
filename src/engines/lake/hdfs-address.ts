/** Addresses of HDFS: `hdfs://user@namenode1:9870,namenode2:9870/folder`, with the NameNodes' HTTP ports (WebHDFS). */
import { isLakeFolder } from '#core/lake-path.ts';
import { invalidLakeAddress } from './limits.ts';

export interface HdfsAddress {
  readonly user: string;
  /** The NameNodes, as origins, in the order in which they are tried. */
  readonly nameNodes: readonly string[];
  /** With a slash before each segment; empty for the root. */
  readonly folder: string;
}

const maxNameNodes = 10;
const form = /^hdfs:\/\/(?:([A-Za-z_][A-Za-z0-9_.-]{0,63})@)?([^/@?#]+)(\/[^?#]*)?$/;
const host = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/;

export function hdfsAddress(url: string): HdfsAddress {
  const [, user = 'kontor', hosts, path = ''] = form.exec(url) ?? [];
  if (hosts === undefined) throw invalidLakeAddress('hdfs://USER@HOST:PORT/FOLDER, with more NameNodes after commas and no password');
  const nameNodes = hosts.split(',').map((one) => {
    const [, name, port = '9870'] = host.exec(one) ?? [];
    if (name === undefined || Number(port) < 1 || Number(port) > 65_535) throw invalidLakeAddress('HOST or HOST:PORT between the commas');
    return `http://${name}:${port}`;
  });
  if (nameNodes.length > maxNameNodes) throw invalidLakeAddress(`at most ${maxNameNodes} NameNodes`);
  const folder = path.replaceAll(/^\/+|\/+$/g, '');
  if (!isLakeFolder(folder)) throw invalidLakeAddress('a folder of letters, digits, `_`, `-` and `=`');
  return { user, nameNodes, folder: folder === '' ? '' : `/${folder}` };
}
