/** URLs with several hosts give one connection string per host; invalid URLs are refused with the expected form. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { postgresHosts } from './url.ts';

it('gives each host a connection string, and a name without the password', () => {
  assert.deepEqual(postgresHosts('postgres://kontor:a%40b@one:5432,two:5433/books?sslmode=require'), [
    { name: 'one:5432', connectionString: 'postgres://kontor:a%40b@one:5432/books?sslmode=require' },
    { name: 'two:5433', connectionString: 'postgres://kontor:a%40b@two:5433/books?sslmode=require' },
  ]);
});

it('takes a single host, without port or login, by name or address', () => {
  assert.deepEqual(
    postgresHosts('postgresql://[::1]:5432/books').map((host) => host.connectionString),
    ['postgresql://[::1]:5432/books'],
  );
  assert.equal(postgresHosts('postgres://localhost/books')[0]?.name, 'localhost');
});

for (const url of [
  'mysql://one/books',
  'postgres://one:5432',
  'postgres://one:5432/',
  'postgres://one:x/books',
  'postgres://one,,two/books',
  'books',
]) {
  it(`refuses ${url}, and reports the expected form`, () => {
    assert.throws(
      () => postgresHosts(url),
      (error) => error instanceof KontorError && error.code === 'invalid_option' && /HOST:PORT/.test(error.message),
    );
  });
}

it('takes addresses for libpq that ask for the primary, and refuses those that ask for another host', () => {
  assert.equal(postgresHosts('postgres://one,two/books?target_session_attrs=read-write').length, 2);
  assert.equal(postgresHosts('postgres://one,two/books?sslmode=require&target_session_attrs=primary').length, 2);
  assert.throws(() => postgresHosts('postgres://one,two/books?target_session_attrs=standby'), /on the primary only/);
});

it('does not repeat the password in the error', () => {
  assert.throws(
    () => postgresHosts('postgres://kontor:secret@one:5432'),
    (error) => error instanceof Error && !error.message.includes('secret'),
  );
});
