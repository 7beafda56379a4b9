/** Tidy rule for the walls between the rooms: which room may import which. See docs/architecture.md. */
import { dirname, posix } from 'node:path';
import type { TidyRule } from './rule.ts';
import type { Tree } from './tree.ts';

interface Wall {
  /** The files of this wall; the first matching wall applies to a file. */
  readonly of: RegExp;
  /** What they may import besides packages and their own room. */
  readonly may: readonly RegExp[];
  /** What they may import as `import type` only. */
  readonly mayTypes?: readonly RegExp[];
  /** Whether they may use Node's timers and process, and whether they may read and write files and sockets. */
  readonly time: boolean;
  readonly io: boolean;
  readonly says: string;
}

/** Parts of a module that every module may have: any other file beside module.ts is a face, which other modules may import. */
const floorPlan = 'module|options|laws|refusals|[a-z-]+\\.test';
const face = new RegExp(`^src/modules/[a-z-]+/(?!(?:${floorPlan})\\.ts$)[a-z-]+\\.ts$`);
const core = /^src\/core\//;
const http = /^src\/http\//;
const engines = /^src\/engines\//;
const everythingBelowTheHouse = [core, http, engines, /^src\/(modules|house|testkit)\//, /^package\.json$/];

const web: Omit<Wall, 'of'> = {
  may: [
    /^web\/src\//,
    /^src\/http\/client\.ts$/,
    /^src\/modules\/[a-z-]+\/refusals\.ts$/,
    /^src\/core\/refusals\.ts$/,
    /^src\/modules\/[a-z-]+\/web\/face\.tsx$/,
  ],
  mayTypes: [/^src\/modules\/[a-z-]+\/(api|domain)\//, /^src\/(http|core)\//],
  time: false,
  io: false,
  says: 'web: itself, the faces of other areas, the client of the API, and types of the API',
};

/** In order: the first match applies. */
const walls: readonly Wall[] = [
  { of: /\.test\.tsx?$/, may: [/./], time: true, io: true, says: '' },
  { of: /^src\/modules\/[a-z-]+\/web\//, ...web },
  { of: /^web\/src\/areas\.ts$/, ...web, may: [/^src\/modules\/[a-z-]+\/web\/area\.ts$/] },
  { of: /^web\//, ...web, may: [/^src\/http\/client\.ts$/, /^src\/core\/[a-z-]*refusals\.ts$/] },
  {
    of: /^src\/modules\/[a-z-]+\/testing\//,
    may: everythingBelowTheHouse,
    time: true,
    io: true,
    says: 'testing: everything but cli, config and web',
  },
  {
    of: /^src\/modules\/[a-z-]+\/engines\//,
    may: [core, engines],
    time: false,
    io: true,
    says: "a module's engines: core, engines and the module itself",
  },
  {
    of: /^src\/modules\/[a-z-]+\/commands\//,
    may: [core, face],
    time: true,
    io: true,
    says: "a module's commands: core, the module itself, and the faces of other modules",
  },
  {
    of: /^src\/modules\/[a-z-]+\/client\//,
    may: [core],
    time: true,
    io: true,
    says: 'clients, which run anywhere: core and the module itself',
  },
  {
    of: /^src\/modules\//,
    may: [core, http, face],
    time: false,
    io: false,
    says: 'a module: core, http, itself, and the faces of other modules',
  },
  { of: core, may: [], time: false, io: false, says: 'core: itself' },
  { of: engines, may: [core], time: false, io: true, says: 'engines: core and themselves' },
  { of: http, may: [core], time: false, io: true, says: 'http: core and itself' },
  { of: /^src\/config\//, may: [core], time: false, io: false, says: 'config: core and itself' },
  {
    of: /^src\/house\//,
    may: [core, http, engines, /^src\/(modules|config)\//, /^package\.json$/],
    time: true,
    io: true,
    says: 'house: everything but cli, web and testkit',
  },
  {
    of: /^src\/cluster\//,
    may: [core, /^src\/(house|config)\//, /^tools\/engines\.ts$/],
    time: true,
    io: true,
    says: 'cluster: core, config, house, and the tool that starts engines',
  },
  {
    of: /^src\/drill\//,
    may: [core, /^src\/(house|config|cluster)\//],
    time: true,
    io: true,
    says: 'drill: core, config, house and cluster',
  },
  {
    of: /^src\/cli\//,
    may: [core, /^src\/(house|config|cluster|drill)\//],
    time: true,
    io: true,
    says: 'cli: drill, cluster, house, config and core',
  },
  { of: /^src\/testkit\//, may: everythingBelowTheHouse, time: true, io: true, says: 'testkit: everything but cli, config and web' },
];

const timeModules = /^(node:)?(timers(\/.*)?|process|perf_hooks)$/;
const ioModules = /^(node:)?(fs(\/.*)?|net|http|https|http2|dgram|dns|child_process|worker_threads|cluster|os|sqlite)$/;
const imported = /\b(?:(import|export)\s+(type\s)?[^'"();]*?from\s*|import\s*\(\s*|import\s+)(['"])([^'"\n]+)\3/g;

export const wallRule: TidyRule = {
  id: 'walls',
  says: 'a room imports only what it may',
  check: (tree) => {
    const aliases = aliasesOf(tree);
    return tree.paths
      .filter((path) => /^(src|web\/src)\/.*\.tsx?$/.test(path))
      .flatMap((path) => {
        const wall = walls.find(({ of }) => of.test(path));
        if (wall === undefined) return [{ path, says: 'belongs to no room: add its wall to tools/tidy/walls.ts' }];
        return [...tree.text(path).matchAll(imported)].flatMap(([, , type, , name = '']) => {
          const wrong = wrongImport(path, wall, name, type !== undefined, aliases);
          return wrong === undefined ? [] : [{ path, says: wrong }];
        });
      });
  },
};

function wrongImport(from: string, wall: Wall, name: string, typesOnly: boolean, aliases: ReadonlyMap<string, string>): string | undefined {
  if (!wall.time && timeModules.test(name))
    return `imports ${name}: time, chance and the process come through the ports Clock, Random and Holder`;
  if (!wall.io && ioModules.test(name)) return `imports ${name}: this room does no input or output of its own; go through a port`;
  const target = targetOf(from, name, aliases);
  if (target === undefined) return undefined;
  if (roomOf(target) === roomOf(from) && name.startsWith('#') && wall.says !== '' && target.startsWith('src/'))
    return `imports ${name} of its own room: inside a room, imports are relative`;
  if (roomOf(target) === roomOf(from)) return undefined;
  if (/^src\//.test(target) && name.startsWith('.') && wall.says !== '')
    return `imports ${name} of another room: cross a room by its name, such as #core/errors.ts`;
  const may = typesOnly ? [...wall.may, ...(wall.mayTypes ?? [])] : wall.may;
  return may.some((pattern) => pattern.test(target)) ? undefined : `imports ${name}, which it may not (${wall.says})`;
}

/** The path of an imported file of this repository; undefined for packages and Node's modules. */
function targetOf(from: string, name: string, aliases: ReadonlyMap<string, string>): string | undefined {
  if (name.startsWith('.')) return posix.normalize(posix.join(dirname(from), name));
  if (!name.startsWith('#')) return undefined;
  const slash = name.indexOf('/');
  return `${aliases.get(name.slice(0, slash)) ?? `unknown ${name.slice(0, slash)}`}/${name.slice(slash + 1)}`;
}

/** A module is a room, with its engines and tests; its pages run in the browser and are a separate room. */
function roomOf(path: string): string {
  const parts = path.split('/');
  if (parts[0] !== 'src') return parts[0] ?? '';
  if (parts[1] === 'modules' && parts[3] === 'web') return parts.slice(0, 4).join('/');
  return parts.slice(0, parts[1] === 'modules' ? 3 : 2).join('/');
}

/** `#core` → `src/core`, as package.json says. */
function aliasesOf(tree: Tree): ReadonlyMap<string, string> {
  const { imports = {} } = JSON.parse(tree.text('package.json')) as { imports?: Readonly<Record<string, string>> };
  return new Map(Object.entries(imports).map(([name, place]) => [name.replace('/*', ''), place.replace('./', '').replace('/*', '')]));
}
