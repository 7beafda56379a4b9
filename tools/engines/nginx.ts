/** NGINX from its Debian package, run by the engines' user. */
import { type NginxPlace, type NginxProgram, type NginxServer, startNginx as startNginxOf } from '#cluster/nginx/server.ts';
import { startEngineProcess } from './engine-process.ts';
import { type EnginePlace, ownedFolder, writeOwnedFile } from './place.ts';
import { softwareFor } from './software.ts';

export function nginxProgram(softwareFolder: string): NginxProgram {
  const { program, environment } = softwareFor({ packages: ['nginx'], program: 'usr/sbin/nginx' }, softwareFolder);
  return { command: program, environment, makeFolder: ownedFolder, writeFile: writeOwnedFile, start: startEngineProcess };
}

export async function startNginx(place: EnginePlace & NginxPlace): Promise<NginxServer> {
  return startNginxOf(nginxProgram(place.softwareFolder), place);
}
