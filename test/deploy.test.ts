/** What is written in deploy/ fits what is in src/: a new role must not be forgotten there. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { parse } from 'yaml';
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
  // The bridge runs where it is asked for, by a profile of its own.
  assert.deepEqual(composed.toSorted(), [...planned, 'stocks-bridge'].toSorted());

  const roles = listRoles(readHouseConfig({ environment: {}, flags: new Map() }).config);
  const run = rolesToStart(roles, composed).map(({ name }) => name);
  assert.deepEqual(
    roles.find(({ name }) => name === 'all')?.needs.filter((name) => !run.includes(name)),
    [],
  );
});

it('the command for existing publishers beside compose runs the bridge, on other companies than the publisher simulates', () => {
  const [, line = ''] = /^(STOCK=\S+ .*docker compose .*)$/m.exec(textOf('docs/operating.md')) ?? [];
  const given = Object.fromEntries([...line.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]));
  const profiles = [...line.matchAll(/--profile (\S+)/g)].map(([, name]) => name);
  const text = textOf('deploy/compose.yaml').replaceAll(/\$\{(\w+):-([^}]*)\}/g, (_, name, otherwise) => given[name] ?? otherwise);
  const { services } = parse(text, { merge: true }) as { readonly services: Readonly<Record<string, Service>> };
  const running = (name: string) => {
    const { profiles: wanted, command, environment } = services[name] ?? assert.fail(`compose has no ${name}`);
    assert.ok(
      wanted.some((profile) => profiles.includes(profile)),
      `${name} runs`,
    );
    // What is empty is not set, and the addresses of engines are in files there.
    const set = Object.entries(environment).filter(([option, value]) => value !== null && !option.endsWith('_FILE'));
    const values = set.map(([option, value]) => [option, String(value)]);
    const { config, warnings } = readHouseConfig({ environment: Object.fromEntries(values), flags: new Map() });
    assert.deepEqual(warnings, []);
    return { command, stocks: config.modules.stocks as Record<string, unknown> };
  };
  const bridge = running('bridge');
  assert.deepEqual(bridge.command, ['run', 'stocks-bridge']);
  assert.equal(bridge.stocks.rabbitmqUrl, given.RABBITMQ_URL);
  assert.deepEqual(bridge.stocks.stocksCompanies, ['MSFT', 'TSLA', 'AAPL']);
  assert.deepEqual(running('publisher').stocks.stocksCompanies, ['NVDA', 'SAP']);
});

interface Service {
  readonly profiles: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | number | null>>;
}

it('compose gives NGINX every value that its template asks for', () => {
  const asked = [...textOf('src/cluster/nginx/kontor.conf.template').matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
  assert.deepEqual(asked.toSorted(), [
    'KONTOR_LISTEN',
    'KONTOR_PLACE_LOCATIONS',
    'KONTOR_PLACE_UPSTREAMS',
    'KONTOR_TRIES',
    'KONTOR_TRUSTED_PROXIES',
    'KONTOR_UPSTREAMS',
  ]);
  for (const name of asked) assert.match(textOf('deploy/compose.yaml'), new RegExp(`^ +${name}:`, 'm'));
});

it('the template is filled in completely, and invalid addresses are refused', () => {
  const text = nginxConfiguration({
    listen: '127.0.0.1:3000',
    served: [
      { path: '/', upstreams: ['127.0.0.1:3001', '[::1]:3002'] },
      { path: '/api/flights/', upstreams: ['127.0.0.1:3003', '127.0.0.1:3004', '127.0.0.1:3005', '127.0.0.1:3006'] },
    ],
    trustedProxies: ['10.0.0.0/8'],
  });
  assert.doesNotMatch(text, /\$\{/);
  assert.match(text, /server 127\.0\.0\.1:3001 max_fails=2 fail_timeout=2s;\n {2}server \[::1\]:3002 max_fails/);
  assert.match(text, /upstream kontor-api-flights \{[^}]*server 127\.0\.0\.1:3003 max_fails=2 [^}]*\}/);
  assert.match(text, /location \/api\/flights\/ \{\n\s+proxy_pass http:\/\/kontor-api-flights;\n {2}\}/);
  assert.match(text, /proxy_next_upstream_tries 8;/);
  assert.match(text, /set_real_ip_from 10\.0\.0\.0\/8;/);
  const one = { path: '/', upstreams: ['127.0.0.1:3001'] };
  assert.throws(() => nginxConfiguration({ listen: '3000; }', served: [one] }), /is not an address/);
  for (const served of [[], [{ path: '/', upstreams: [] }], [one, { path: '/api/flights/', upstreams: [] }]])
    assert.throws(() => nginxConfiguration({ listen: '127.0.0.1:3000', served }), /at least one process/);
  assert.throws(
    () => nginxConfiguration({ listen: '127.0.0.1:3000', served: [one, { path: '/a b/', upstreams: ['[::1]:1'] }] }),
    /is not a path/,
  );
});
