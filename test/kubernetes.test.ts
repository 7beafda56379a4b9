/** What is written in deploy/kubernetes fits what is in src/ and in compose. test/engines/kubernetes.test.ts renders and validates it. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { it } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { planMembers } from '#cluster/plan.ts';
import { modules } from '#house/modules.ts';
import { placementOf } from '#house/placement.ts';
import { readHouseConfig } from '#house/read-config.ts';

const folder = new URL('../deploy/', import.meta.url).pathname;
const textOf = (path: string) => readFileSync(`${folder}${path}`, 'utf8');
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  // biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of the manifest, and fails when it differs
  readonly spec: any;
}

function manifestsOf(pattern: string): readonly Manifest[] {
  return globSync(pattern, { cwd: `${folder}kubernetes` }).flatMap((path) =>
    parseAllDocuments(textOf(`kubernetes/${path}`)).map((document) => document.toJS() as Manifest),
  );
}

const deployments = manifestsOf('base/{roles,flights,errands}.yaml').filter(({ kind }) => kind === 'Deployment');
const argsOf = ({ spec }: Manifest): readonly string[] => spec.template.spec.containers[0].args;
const valuesIn = (lines: string, pattern: RegExp) =>
  Object.fromEntries([...lines.matchAll(pattern)].map(([, name = '', value = '']) => [name, value]));
const namesIn = (lines: string, pattern: RegExp) => [...lines.matchAll(pattern)].map(([, name = '']) => name);
/** What the roles find in their environment. */
const overlays: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dev: {
    ...valuesIn(textOf('kubernetes/overlays/dev/options.env'), /^([A-Z_]+)=(.*)$/gm),
    ...valuesIn(textOf('kubernetes/overlays/dev/create-secret.sh'), /^ {2}([A-Z_]+): (.*)$/gm),
  },
  prod: {
    ...valuesIn(textOf('kubernetes/overlays/prod/options.env'), /^([A-Z_]+)=(.*)$/gm),
    ...valuesIn(textOf('kubernetes/overlays/prod/addresses.env.example'), /^([A-Z_]+)=(.*)$/gm),
  },
};

it('Kubernetes runs every role as it is placed, each in one Deployment', () => {
  const placed = new Set([...planMembers(placementOf(modules), {}).map(({ role }) => role)]);
  assert.ok(deployments.every((deployment) => argsOf(deployment)[0] === 'run'));
  assert.deepEqual(deployments.flatMap((deployment) => argsOf(deployment).slice(1)).toSorted(), [...placed].toSorted());
});

it('every Deployment has the label by which the common settings, its budget and the network policies find it', () => {
  const budgets = manifestsOf('base/disruption.yaml').map(({ spec }) => spec.selector.matchLabels['kontor.dev/role']);
  assert.deepEqual(budgets.toSorted(), deployments.map(({ metadata }) => metadata.name).toSorted());
  for (const { metadata, spec } of deployments) {
    const label = { 'kontor.dev/role': metadata.name };
    assert.deepEqual(spec.selector.matchLabels, label);
    assert.deepEqual(spec.template.metadata.labels, label);
    for (const { labelSelector } of spec.template.spec.topologySpreadConstraints) assert.deepEqual(labelSelector.matchLabels, label);
  }
  const { patches } = parse(textOf('kubernetes/base/kustomization.yaml')) as Manifest['spec'];
  assert.deepEqual(
    patches.map((patch: Manifest['spec']) => [patch.path, patch.target.labelSelector ?? patch.target.name]),
    [
      ['pod.yaml', 'kontor.dev/role'],
      ['rolling.yaml', 'kontor.dev/role'],
      ['pod.yaml', 'migrate'],
    ],
  );
});

it('a group that follows the load has no fixed number, and at least two instances', () => {
  const scaled = manifestsOf('base/*.yaml').filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
  assert.deepEqual(scaled.map(({ spec }) => spec.scaleTargetRef.name).toSorted(), ['errands-desk', 'flights-web']);
  for (const { spec } of scaled) assert.ok(spec.minReplicas >= 2 && spec.maxReplicas > spec.minReplicas);
  for (const { metadata, spec } of deployments) {
    if (scaled.some(({ spec: { scaleTargetRef } }) => scaleTargetRef.name === metadata.name)) assert.equal(spec.replicas, undefined);
    else assert.ok(spec.replicas >= 2, `two of ${metadata.name} survive the loss of one`);
  }
});

it('both overlays give the roles what compose gives them, and nothing that is no option', () => {
  const compose = parse(textOf('compose.yaml'), { merge: true }) as Manifest['spec'];
  const given = Object.keys(compose.services.publisher.environment).map((name) => name.replace(/_FILE$/, ''));
  const needed = given.filter((name) => /^(STATE|STREAM|RESULTS|CACHE|LAKE)_URL$|^TRUSTED_PROXIES$|^ALLOWED_HOSTS$/.test(name));
  assert.ok(needed.length >= 5);
  const options = new Set(namesIn(readFileSync(`${folder}../docs/configuration.md`, 'utf8'), /^\| `([A-Z_]+)`/gm));
  for (const [overlay, environment] of Object.entries(overlays)) {
    const names = Object.keys(environment);
    assert.deepEqual(
      needed.filter((name) => !names.includes(name)),
      [],
      `${overlay} does not give these`,
    );
    assert.deepEqual(
      names.filter((name) => !options.has(name)),
      [],
      `${overlay} gives these, which are no options`,
    );
  }
});

it('the values of both overlays are accepted', () => {
  for (const environment of Object.values(overlays)) {
    const { warnings } = readHouseConfig({ environment: { ...environment, HOST: '0.0.0.0' }, flags: new Map() });
    assert.deepEqual(warnings, []);
  }
});

it('what a placement serves goes to its service in both overlays, and everything else to front', () => {
  const serving = placementOf(modules).flatMap(({ role, serves }) => (serves === undefined ? [] : [[serves, role] as const]));
  const expected = new Map([...serving, ['/', 'front']]);
  assert.equal(expected.get('/api/flights/'), 'flights-web');
  const [ingress] = manifestsOf('overlays/prod/ingress.yaml');
  const routes = ingress?.spec.rules[0].http.paths.map((one: Manifest['spec']) => [one.path, one.backend.service.name]);
  assert.deepEqual(new Map(routes), expected);
  const nginx = [...textOf('kubernetes/overlays/dev/nginx.conf').matchAll(/location (\S+) \{\s+proxy_pass http:\/\/([a-z-]+):3000;/g)];
  assert.deepEqual(new Map(nginx.map(([, path, service]) => [path, service])), expected);
  const services = manifestsOf('base/services.yaml').map(({ spec }) => spec.selector['kontor.dev/role']);
  assert.deepEqual(new Set(services), new Set(expected.values()));
});

it('no password is in a file', () => {
  const paths = globSync('kubernetes/**/*.*', { cwd: folder });
  for (const path of paths.filter((one) => !one.endsWith('create-secret.sh'))) assert.doesNotMatch(textOf(path), /^kind: Secret$/m, path);
  for (const path of paths) {
    for (const [, password = ''] of textOf(path).matchAll(/\/\/[a-z]+:([^@\s]+)@/g))
      assert.match(password, /^(PASSWORD|\$password)$/, path);
  }
});

it('skaffold shows the gateway of dev on port 8080', () => {
  const skaffold = parse(readFileSync(`${folder}../skaffold.yaml`, 'utf8')) as Manifest['spec'];
  assert.deepEqual(skaffold.manifests.kustomize.paths, ['deploy/kubernetes/overlays/dev']);
  const [{ resourceName, namespace, port, localPort }] = skaffold.portForward;
  assert.deepEqual([resourceName, namespace, port, localPort], ['gateway', 'kontor', 8080, 8080]);
  const gateway = manifestsOf('overlays/dev/gateway.yaml').find(({ kind }) => kind === 'Service');
  assert.equal(gateway?.metadata.name, resourceName);
  assert.equal(gateway?.spec.ports[0].port, port);
});
