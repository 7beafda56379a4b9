/** Programs that render and validate deploy/kubernetes, and the schemas of the real API; found on this machine, or installed into ./.engines. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { enginesFolder } from './place.ts';

const kubeconformModule = 'github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0';
const kustomizeModule = 'sigs.k8s.io/kustomize/kustomize/v5@v5.7.1';
/** Carries the schemas of Kubernetes, whose usual place is a web page. */
const schemasPackage = 'kubernetes-validate==1.37.0';
const schemasVersion = 'v1.37.0-local-strict';
const installTimeoutMs = 300_000;

export interface KubernetesTools {
  /** The manifests of a folder, as `kubectl apply -k` would send them. */
  render(folder: string): string;
  /** Throws with the list of everything that the API would refuse. Unknown fields are refused, too. */
  validate(manifests: string): void;
}

export function kubernetesTools(): KubernetesTools {
  const folder = path.join(enginesFolder(), 'kubernetes');
  mkdirSync(folder, { recursive: true });
  const [renderer, ...rendererArgs] = kustomize(folder);
  const kubeconform = onThisMachine('kubeconform', '-v') ?? goProgram(folder, kubeconformModule);
  const schemas = schemasIn(folder);
  return {
    render: (from) => run(renderer, [...rendererArgs, from]),
    validate(manifests) {
      const args = ['-strict', '-summary', '-schema-location', `${schemas}/{{.ResourceKind}}{{.KindSuffix}}.json`];
      const { status, stdout, stderr } = spawnSync(kubeconform, args, { input: manifests, encoding: 'utf8' });
      if (status !== 0) throw new Error(`kubeconform refuses the manifests:\n${stdout}${stderr}`);
    },
  };
}

function kustomize(folder: string): readonly [string, ...string[]] {
  const own = onThisMachine('kustomize', 'version');
  if (own !== undefined) return [own, 'build'];
  if (onThisMachine('kubectl', 'kustomize', '--help') !== undefined) return ['kubectl', 'kustomize'];
  return [goProgram(folder, kustomizeModule), 'build'];
}

function onThisMachine(program: string, ...args: readonly string[]): string | undefined {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0 ? program : undefined;
}

function goProgram(folder: string, module: string): string {
  const bin = path.join(folder, 'bin');
  const program = path.join(bin, module.includes('kubeconform') ? 'kubeconform' : 'kustomize');
  if (!existsSync(program)) run('go', ['install', module], { GOBIN: bin });
  return program;
}

/** One file for each kind, with all definitions that it refers to: kubeconform finds no others. */
function schemasIn(folder: string): string {
  const schemas = path.join(folder, 'schemas', schemasVersion);
  if (existsSync(schemas)) return schemas;
  const download = path.join(folder, 'download');
  rmSync(download, { recursive: true, force: true });
  mkdirSync(download);
  run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', download, schemasPackage]);
  const [wheel = ''] = readdirSync(download);
  const unpack = `import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if sys.argv[3] in name])`;
  run('python3', ['-c', unpack, path.join(download, wheel), download, `/${schemasVersion}/`]);
  const raw = path.join(download, 'kubernetes_validate/kubernetes-json-schema', schemasVersion);
  const half = `${schemas}.half`;
  mkdirSync(half, { recursive: true });
  for (const [name, text] of wholeSchemas(raw)) writeFileSync(path.join(half, name), text);
  run('mv', [half, schemas]);
  rmSync(download, { recursive: true, force: true });
  return schemas;
}

function wholeSchemas(folder: string): readonly (readonly [string, string])[] {
  const { $defs } = JSON.parse(textOf(path.join(folder, '_definitions.json'))) as { readonly $defs: Readonly<Record<string, object>> };
  const names = readdirSync(folder).filter((name) => name !== '_definitions.json');
  return names.map((name) => {
    const schema = JSON.parse(textOf(path.join(folder, name))) as object;
    return [name, JSON.stringify(Object.assign(schema, { $defs: definitionsFor(schema, $defs) }))];
  });
}

/** The definitions that a schema refers to, directly or through others. */
function definitionsFor(schema: object, all: Readonly<Record<string, object>>): Readonly<Record<string, object>> {
  const found: Record<string, object> = {};
  const queue = [schema];
  for (const next of queue) {
    for (const [, name = ''] of JSON.stringify(next).matchAll(/"#\/\$defs\/([^"]+)"/g)) {
      const definition = all[name];
      if (definition === undefined || name in found) continue;
      found[name] = definition;
      queue.push(definition);
    }
  }
  return found;
}

function textOf(file: string): string {
  return readFileSync(file, 'utf8').replaceAll('"/api/_definitions.json#', '"#');
}

function run(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): string {
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      timeout: installTimeoutMs,
      maxBuffer: 64 * 1_024 * 1_024,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
  } catch (error) {
    const { stderr = '', message } = error as Error & { readonly stderr?: string };
    throw new Error(`${program} ${args.join(' ')} failed: ${stderr || message}`, { cause: error });
  }
}
