/** Addresses of RabbitMQ: every host found, passwords decoded and never repeated. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { rabbitmqAddresses } from './rabbitmq-address.ts';

const short = (url: string) =>
  rabbitmqAddresses(url).map(
    ({ protocol, hostname, port, username, password, vhost }) => `${protocol} ${username} ${password} ${hostname} ${port} ${vhost}`,
  );

describe('an address of RabbitMQ', () => {
  it('has one host, or several with the same name and password', () => {
    assert.deepEqual(short('amqp://localhost'), ['amqp guest guest localhost 5672 %2F']);
    assert.deepEqual(short('amqps://me:p%40ss:word@one.example,two.example:5673/books?heartbeat=3'), [
      'amqps me p@ss:word one.example 5671 books',
      'amqps me p@ss:word two.example 5673 books',
    ]);
    assert.deepEqual(short('amqp://me:x@[::1]:5700/'), ['amqp me x ::1 5700 %2F']);
    assert.equal(rabbitmqAddresses('amqp://one?heartbeat=3')[0]?.heartbeat, 3);
  });

  it('may be a list of whole addresses', () => {
    assert.deepEqual(short('amqp://a:b@one/v,amqp://c:d@two/w'), ['amqp a b one 5672 v', 'amqp c d two 5672 w']);
  });

  for (const wrong of [
    'http://one',
    'amqp://',
    'amqp://me:secret@',
    'amqp://me:secret@one:70000',
    'amqp://me:secret@one:0',
    'amqp://me:secret@o ne',
    'amqp://me:secret@one/v?heartbeat=no',
    'amqp://me:se%ret@one',
    `amqp://me:secret@${'one,'.repeat(20)}one`,
  ]) {
    it(`is refused without being repeated: ${wrong.slice(0, 40)}`, () => {
      assert.throws(
        () => rabbitmqAddresses(wrong),
        (error) => error instanceof KontorError && error.code === 'invalid_option' && !error.message.includes('secret'),
      );
    });
  }
});
