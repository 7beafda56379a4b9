/** deploy/kubernetes, rendered as it would be applied, is valid by the schemas of the real API, and every pod is watched and restricted. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { type KubernetesTools, kubernetesTools } from '../../tools/engines/kubernetes.ts';
import { isRequired } from './require-engine.ts';

const skip = isRequired('kubernetes')
  ? false
  : 'KONTOR_TEST_REQUIRE does not name kubernetes: it installs kubeconform by Go and schemas by pip, in about a minute';
const folderOf = (overlay: string) => new URL(`../../deploy/kubernetes/overlays/${overlay}`, import.meta.url).pathname;

// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of the manifest, and fails when it differs
type Manifest = any;

describe('the manifests for Kubernetes', { skip, timeout: 600_000 }, () => {
  let tools: KubernetesTools;
  const rendered: Record<string, string> = {};
  const manifests: Record<string, readonly Manifest[]> = {};

  before(() => {
    tools = kubernetesTools();
    for (const overlay of ['dev', 'prod']) {
      rendered[overlay] = tools.render(folderOf(overlay));
      manifests[overlay] = parseAllDocuments(rendered[overlay]).map((document) => document.toJS());
    }
  });
  const podsOf = (overlay: string): readonly Manifest[] =>
    (manifests[overlay] ?? []).filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind));

  it('are valid by the schemas of the API, and an unknown field is not', () => {
    for (const text of Object.values(rendered)) tools.validate(text);
    const broken = (rendered.prod ?? '').replace('runAsNonRoot: true', 'runAsNonRot: true');
    assert.throws(() => tools.validate(broken), /additional properties 'runAsNonRot' not allowed/);
  });

  for (const overlay of ['dev', 'prod']) {
    it(`restrict every pod of ${overlay}, and give it memory, probes and no rights`, () => {
      for (const { kind, metadata, spec } of podsOf(overlay)) {
        const pod = spec.template.spec;
        const [container] = pod.containers;
        const name = `${kind} ${metadata.name}`;
        assert.equal(pod.securityContext.runAsNonRoot, true, name);
        assert.ok(pod.securityContext.runAsUser > 0, name);
        assert.equal(pod.securityContext.seccompProfile.type, 'RuntimeDefault', name);
        assert.equal(pod.automountServiceAccountToken, false, name);
        assert.equal(pod.enableServiceLinks, false, name);
        assert.equal(container.securityContext.allowPrivilegeEscalation, false, name);
        assert.deepEqual(container.securityContext.capabilities.drop, ['ALL'], name);
        assert.ok(container.resources.limits.memory && container.resources.requests.memory && container.resources.requests.cpu, name);
        if (kind !== 'Job') assert.ok(container.readinessProbe && container.livenessProbe, name);
      }
    });

    it(`give every role of ${overlay} its options, a read-only root and a graceful end`, () => {
      const roles = podsOf(overlay).filter(({ spec }) => spec.template.metadata.labels['kontor.dev/role'] !== undefined);
      assert.ok(roles.length >= 8);
      for (const { kind, metadata, spec } of roles) {
        const pod = spec.template.spec;
        const [container] = pod.containers;
        assert.equal(container.securityContext.readOnlyRootFilesystem, true, metadata.name);
        assert.match(container.envFrom[0].configMapRef.name, /^kontor-\w+$/);
        assert.equal(container.envFrom[1].secretRef.name, 'kontor-addresses');
        if (kind === 'Job') continue;
        assert.equal(container.startupProbe.httpGet.path, '/livez');
        assert.equal(container.readinessProbe.httpGet.path, '/ready');
        // Longer than the pause before SIGTERM and SHUTDOWN_TIMEOUT_MS together.
        assert.ok(pod.terminationGracePeriodSeconds > container.lifecycle.preStop.sleep.seconds + 10);
      }
    });
  }
});
