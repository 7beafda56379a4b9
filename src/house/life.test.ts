/** The life of roles: started in order, each within its time, drained together, stopped in reverse, and named when they fail. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KontorError } from '#core/errors.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Role, Service } from '#core/role.ts';
import { manualClock } from '#testkit/clock.ts';
import { processHolder } from '#testkit/holder.ts';
import { recordingLog } from '#testkit/log.ts';
import { Life } from './life.ts';

const never = new AbortController().signal;

interface Scene {
  readonly life: Life<string>;
  readonly clock: ReturnType<typeof manualClock>;
  readonly log: ReturnType<typeof recordingLog>;
  readonly failures: KontorError[];
}

function scene(roles: readonly Role<string>[]): Scene {
  const clock = manualClock();
  const log = recordingLog();
  const failures: KontorError[] = [];
  const ports = { clock, log, holder: processHolder('life'), state: {}, stream: {} } as unknown as Ports;
  const life = new Life({ roles, ports, startTimeoutMs: 1_000, onFailure: (failure) => failures.push(failure) });
  return { life, clock, log, failures };
}

/** A role that writes down what happens to it. */
function role(name: string, happened: string[], service: Partial<Service<string>> = {}): Role<string> {
  return {
    name,
    says: name,
    needs: [],
    instances: 'many',
    async start() {
      happened.push(`start ${name}`);
      return {
        status: () => ({ ready: true, says: 'active' }),
        drain: async () => void happened.push(`drain ${name}`),
        stop: async () => void happened.push(`stop ${name}`),
        ...service,
      };
    },
  };
}

function failsWith(code: string, message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof KontorError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

describe('the life of roles', () => {
  it('waits until all are ready, and after the time that a start may take says which are not', async () => {
    let ready = false;
    const slow = role('slow', [], { status: () => ({ ready, says: 'reading' }) });
    const { life, clock, log } = scene([role('a', []), slow]);
    await life.start(never);
    let over = false;
    const first = life.ready(never).then(() => {
      over = true;
    });
    await clock.advance(500);
    assert.equal(over, false);
    ready = true;
    await clock.advance(50);
    await first;

    ready = false;
    assert.deepEqual(
      log.entries.filter(({ level }) => level === 'warn'),
      [],
    );
    const second = life.ready(never);
    await clock.advance(1_100);
    await second;
    assert.deepEqual(log.entries.at(-1)?.fields, { roles: [{ role: 'slow', ready: false, says: 'reading' }] });
  });

  it('starts one after another, drains all, and stops in reverse', async () => {
    const happened: string[] = [];
    const { life } = scene([role('a', happened), role('b', happened), role('c', happened)]);
    await life.start(never);
    await life.drain(never);
    await life.stop(never);
    assert.deepEqual(happened, ['start a', 'start b', 'start c', 'drain a', 'drain b', 'drain c', 'stop c', 'stop b', 'stop a']);
  });

  it('starts a role only when the one before it has started', async () => {
    const happened: string[] = [];
    const slow = Promise.withResolvers<Service<string>>();
    const { life } = scene([{ ...role('slow', happened), start: () => slow.promise }, role('next', happened)]);
    const starting = life.start(never);
    assert.deepEqual(happened, []);
    slow.resolve({ status: () => ({ ready: true, says: '' }), stop: async () => {} });
    await starting;
    assert.deepEqual(happened, ['start next']);
  });

  it('names the role that did not start, keeps what kind of failure it was, and starts no more', async () => {
    const happened: string[] = [];
    const full = new KontorError('storage_full', 'the disk is full');
    const failing: Role<string> = { ...role('failing', happened), start: () => Promise.reject(full) };
    const { life } = scene([role('a', happened), failing, role('b', happened)]);
    await assert.rejects(life.start(never), failsWith('storage_full', /the role failing did not start: the disk is full/));
    await life.stop(never);
    assert.deepEqual(happened, ['start a', 'stop a']);
  });

  it('calls an ordinary error of a role, even one thrown at once, a failure of that role', async () => {
    const throwing: Role<string> = {
      ...role('throwing', []),
      start: () => {
        throw new TypeError('undefined is not a function');
      },
    };
    await assert.rejects(
      scene([throwing]).life.start(never),
      failsWith('role_failed', /the role throwing did not start: undefined is not/),
    );
  });

  it('gives up on a role that takes too long to start, and stops it should it come late', async () => {
    const happened: string[] = [];
    const late = Promise.withResolvers<Service<string>>();
    const { life, clock } = scene([{ ...role('late', happened), start: () => late.promise }]);
    const starting = assert.rejects(life.start(never), failsWith('timed_out', /the role late did not start: it took longer than 1000 ms/));
    await clock.advance(1_000);
    await starting;
    const stopped = Promise.withResolvers<void>();
    late.resolve({ status: () => ({ ready: true, says: '' }), stop: async () => stopped.resolve() });
    await stopped.promise;
  });

  it('breaks off a start when it is asked to', async () => {
    const asked = new AbortController();
    const hanging: Role<string> = { ...role('hanging', []), start: () => new Promise(() => {}) };
    const starting = assert.rejects(scene([hanging]).life.start(asked.signal), failsWith('timed_out', /the role hanging did not start/));
    asked.abort();
    await starting;
  });

  it('tells the first failure of a running role, by its name, once', async () => {
    const fails: ((error: unknown) => void)[] = [];
    const roleThatFails = (name: string): Role<string> => ({
      ...role(name, []),
      async start(context) {
        fails.push(context.fail);
        return { status: () => ({ ready: true, says: '' }), stop: async () => {} };
      },
    });
    const { life, failures } = scene([roleThatFails('first'), roleThatFails('second')]);
    await life.start(never);
    fails[1]?.(new Error('books do not balance'));
    fails[0]?.(new Error('neither do mine'));
    assert.deepEqual(
      failures.map(({ code, message }) => [code, message]),
      [['role_failed', 'the role second cannot go on: books do not balance']],
    );
  });

  it('stops all the others when one fails to stop, and then names that one', async () => {
    const happened: string[] = [];
    const stuck = role('stuck', happened, { stop: () => Promise.reject(new Error('a lock is lost')) });
    const { life } = scene([role('a', happened), stuck, role('b', happened)]);
    await life.start(never);
    happened.length = 0;
    await assert.rejects(life.stop(never), failsWith('role_failed', /the role stuck did not stop in order: a lock is lost/));
    assert.deepEqual(happened, ['stop b', 'stop a']);
  });

  it('names the role that is still stopping when the time is up', async () => {
    const timeUp = new AbortController();
    const hanging = role('hanging', [], { stop: () => new Promise(() => {}) });
    const { life } = scene([hanging]);
    await life.start(never);
    const stopping = assert.rejects(life.stop(timeUp.signal), failsWith('timed_out', /the role hanging did not stop in order/));
    timeUp.abort();
    await stopping;
  });

  it('stops no role twice', async () => {
    const happened: string[] = [];
    const { life } = scene([role('a', happened)]);
    await life.start(never);
    await Promise.all([life.stop(never), life.stop(never)]);
    assert.deepEqual(happened, ['start a', 'stop a']);
  });

  it('lets every role drain, though one of them fails to', async () => {
    const happened: string[] = [];
    const failing = role('failing', happened, { drain: () => Promise.reject(new Error('a socket is stuck')) });
    const { life, log } = scene([failing, role('a', happened)]);
    await life.start(never);
    await life.drain(never);
    assert.deepEqual(happened, ['start failing', 'start a', 'drain a']);
    assert.equal(log.entries.filter(({ level, fields }) => level === 'warn' && fields.role === 'failing').length, 1);
  });

  it('tells the state of each role, also of one whose state cannot be read, and collects what they serve', async () => {
    const unsure = role('unsure', [], {
      status: () => {
        throw new Error('lost count');
      },
    });
    const { life } = scene([role('a', [], { web: 'page' }), unsure]);
    await life.start(never);
    assert.deepEqual(life.states(), [
      { role: 'a', ready: true, says: 'active' },
      { role: 'unsure', ready: false, says: 'its state cannot be read: lost count' },
    ]);
    assert.deepEqual(life.webs(), ['page']);
  });

  it('gives each role a log that names it', async () => {
    const talking: Role<string> = {
      ...role('talking', []),
      async start({ ports }) {
        ports.log.info({}, 'hello');
        return { status: () => ({ ready: true, says: '' }), stop: async () => {} };
      },
    };
    const { life, log } = scene([talking]);
    await life.start(never);
    assert.deepEqual(log.entries.find(({ message }) => message === 'hello')?.fields, { role: 'talking' });
  });
});
