/** The graph of roles: what is refused before anything starts, and the order in which roles start. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KontorError } from '#core/errors.ts';
import type { Role } from '#core/role.ts';
import { inStartOrder, rolesToStart, withGroups } from './graph.ts';

function role(name: string, ...needs: string[]): Role {
  return { name, says: name, needs, instances: 'many', start: () => assert.fail('nothing starts here') };
}

const names = (roles: readonly Role[]) => roles.map(({ name }) => name);

function refused(work: () => unknown, code: string, message: RegExp): void {
  assert.throws(work, (error) => {
    assert.ok(error instanceof KontorError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

describe('the graph of roles', () => {
  it('starts each role after those it needs', () => {
    const roles = [role('view', 'counter'), role('counter', 'tape'), role('tape'), role('auditor', 'view', 'tape')];
    assert.deepEqual(names(inStartOrder(roles)), ['tape', 'counter', 'view', 'auditor']);
  });

  it('refuses a circle and names its path', () => {
    const roles = [role('start', 'a'), role('a', 'b'), role('b', 'c'), role('c', 'a')];
    refused(() => inStartOrder(roles), 'internal', /in a circle: a → b → c → a$/);
    refused(() => inStartOrder([role('self', 'self')]), 'internal', /self → self$/);
  });

  it('does not take a role that two others need for a circle', () => {
    const roles = [role('top', 'left', 'right'), role('left', 'base'), role('right', 'base'), role('base')];
    assert.deepEqual(names(inStartOrder(roles)), ['base', 'left', 'right', 'top']);
  });

  it('refuses a need that nobody meets, and a name given twice', () => {
    refused(
      () => inStartOrder([role('view', 'tpae'), role('tape')]),
      'internal',
      /"view" needs "tpae", which does not exist; did you mean "tape"\?/,
    );
    refused(() => inStartOrder([role('tape'), role('tape')]), 'internal', /two roles are called "tape"/);
  });

  it('runs the roles that were named and no others, in the order of the graph', () => {
    const roles = withGroups([role('view', 'counter'), role('counter', 'tape'), role('tape')], []);
    assert.deepEqual(names(rolesToStart(roles, ['view', 'tape'])), ['tape', 'view']);
    assert.deepEqual(names(rolesToStart(roles, ['view', 'view'])), ['view']);
  });

  it('runs every role for `all`, which comes last', () => {
    const roles = withGroups([role('view', 'tape'), role('tape')], []);
    assert.deepEqual(names(rolesToStart(roles, ['all'])), ['tape', 'view', 'all']);
  });

  it('runs every role that has no process of its own for `front`', () => {
    const roles = withGroups([role('view', 'tape'), role('tape'), { ...role('bridge'), onlyByName: 'the reason' }], ['tape']);
    assert.deepEqual(names(rolesToStart(roles, ['front'])), ['view', 'front']);
  });

  it('refuses a role that is not there with the one that was probably meant, and no role at all', () => {
    const roles = withGroups([role('stocks-liveview'), role('auditor')], []);
    refused(() => rolesToStart(roles, ['stocks-livview']), 'invalid_option', /did you mean "stocks-liveview"\?/);
    refused(
      () => rolesToStart(roles, ['zebra']),
      'invalid_option',
      /there is no role "zebra"; there are: stocks-liveview, auditor, front, all/,
    );
    refused(() => rolesToStart(roles, []), 'invalid_option', /name at least one role/);
  });
});
