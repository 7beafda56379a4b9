/** Addresses of Kafka: hosts, prefix, login and copies. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { kafkaAddress } from './kafka-address.ts';

describe('the address of Kafka', () => {
  it('names hosts, with the usual port and prefix when left out', () => {
    const { brokers, prefix, tls, sasl, replicas } = kafkaAddress('kafka://one:9093,two,[::1]:9094');
    assert.deepEqual(brokers, [
      { host: 'one', port: 9_093 },
      { host: 'two', port: 9_092 },
      { host: '::1', port: 9_094 },
    ]);
    assert.deepEqual([prefix, tls, sasl, replicas], ['kontor', false, undefined, undefined]);
  });

  it('may name a prefix, copies, TLS and a login', () => {
    const address = kafkaAddress('kafkas://kontor:p%40ss@one/house-2?replicas=2&mechanism=plain');
    assert.deepEqual([address.prefix, address.replicas, address.tls], ['house-2', 2, true]);
    assert.deepEqual(address.sasl, { mechanism: 'PLAIN', username: 'kontor', password: 'p@ss' });
    assert.equal(kafkaAddress('kafka://a:b@one').sasl?.mechanism, 'SCRAM-SHA-512');
  });

  it('is refused with what is expected, and without the password', () => {
    for (const url of [
      'kafka://',
      'kafka://one:0',
      'kafka://one:99999',
      'kafka://one,,two',
      'kafka://one/pre.fix',
      'kafka://one?replicas=0',
      'kafka://one?copies=3',
      'kafka://name:secret@one?mechanism=oauth',
      'kafka://name:secret%@one',
    ]) {
      assert.throws(
        () => kafkaAddress(url),
        (error) => error instanceof KontorError && error.code === 'invalid_option' && !error.message.includes('secret'),
        url,
      );
    }
  });
});
