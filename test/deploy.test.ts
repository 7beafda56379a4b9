/** What is written in deploy/ fits what is in src/: a new role must not be forgotten there. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { nginxConfiguration } from '#cluster/nginx/configuration.ts';
import { planMembers } from '#cluster/plan.ts';
import { rolesToStart } from '#house/graph.ts';
import { modules } from '#house/modules.ts';
import { placementOf } from '#house/placement.ts';
import { readHouseConfig } from '#house/read-config.ts';
import { listRoles } from '#house/visit.ts';

const textOf = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

it('compose runs every role that may run unasked', () => {
  const planned = planMembers(placementOf(modules), { aggregator: 1, liveview: 1 }).map(({ role }) => role);
  const commands = [...textOf('deploy/compose.yaml').matchAll(/^ +command: \[run, (.+)\]$/gm)];
  const composed = commands.flatMap(([, roles = '']) => roles.split(', '));
  assert.deepEqual(composed.toSorted(), planned.toSorted());

  const roles = listRoles(readHouseConfig({ environment: {}, flags: new Map() }).config);
  const run = rolesToStart(roles, composed).map(({ name }) => name);
  assert.deepEqual(
    roles.find(({ name }) => name === 'all')?.needs.filter((name) => !run.includes(name)),
    [],
  );
});

it('compose gives NGINX every value that its template asks for', () => {
  const asked = [...textOf('src/cluster/nginx/kontor.conf.template').matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
  assert.deepEqual(asked.toSorted(), ['KONTOR_LISTEN', 'KONTOR_TRUSTED_PROXIES', 'KONTOR_UPSTREAMS']);
  for (const name of asked) assert.match(textOf('deploy/compose.yaml'), new RegExp(`^ +${name}:`, 'm'));
});

it('the template is filled in completely, and invalid addresses are refused', () => {
  const text = nginxConfiguration({
    listen: '127.0.0.1:3000',
    upstreams: ['127.0.0.1:3001', '[::1]:3002'],
    trustedProxies: ['10.0.0.0/8'],
  });
  assert.doesNotMatch(text, /\$\{/);
  assert.match(text, /server 127\.0\.0\.1:3001 max_fails=2 fail_timeout=2s;\n {2}server \[::1\]:3002 max_fails/);
  assert.match(text, /set_real_ip_from 10\.0\.0\.0\/8;/);
  assert.throws(() => nginxConfiguration({ listen: '3000; }', upstreams: ['127.0.0.1:3001'] }), /is not an address/);
  assert.throws(() => nginxConfiguration({ listen: '127.0.0.1:3000', upstreams: [] }), /at least one process/);
});
