/** Addresses of Kafka: `kafka://name:password@host1:9092,host2/PREFIX?replicas=3`; `kafkas://` for TLS. */
import type { SASLOptions } from '@platformatic/kafka';
import { KontorError } from '#core/errors.ts';

export interface KafkaAddress {
  readonly brokers: readonly { readonly host: string; readonly port: number }[];
  /** Kafka's topics of this house begin with it, so that several houses can share a cluster. */
  readonly prefix: string;
  /** Copies of each topic; undefined for as many as there are brokers, up to 3. */
  readonly replicas: number | undefined;
  readonly tls: boolean;
  readonly sasl: SASLOptions | undefined;
}

const maxHosts = 20;
const form = /^(kafkas?):\/\/(?:(.*)@)?([^/?@]+)(?:\/([^/?]*))?(?:\?(.*))?$/;
const hostForm = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/;
const prefixForm = /^[A-Za-z0-9-]{1,40}$/;
const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

export function kafkaAddress(url: string): KafkaAddress {
  const [, protocol = '', login, hosts = '', path, query] = form.exec(url) ?? [];
  if (protocol === '') throw refused('kafka://HOST:PORT/PREFIX, with more hosts after commas');
  const brokers = hosts.split(',').map(brokerOf);
  if (brokers.length > maxHosts) throw refused(`at most ${maxHosts} hosts`);
  const prefix = path === undefined || path === '' ? 'kontor' : path;
  if (!prefixForm.test(prefix)) throw refused('a prefix of 1 to 40 letters, digits and hyphens after the slash');
  const options = new URLSearchParams(query);
  for (const name of options.keys()) {
    if (name !== 'replicas' && name !== 'mechanism') throw refused('no options but replicas and mechanism after the question mark');
  }
  return { brokers, prefix, replicas: replicasOf(options.get('replicas')), tls: protocol === 'kafkas', sasl: saslOf(login, options) };
}

function brokerOf(text: string): { host: string; port: number } {
  const [, host = '', port = '9092'] = hostForm.exec(text) ?? [];
  if (host === '' || Number(port) < 1 || Number(port) > 65_535) throw refused('HOST or HOST:PORT between the commas');
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function replicasOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (!/^[1-9]$/.test(text)) throw refused('replicas as a number from 1 to 9');
  return Number(text);
}

function saslOf(login: string | undefined, options: URLSearchParams): SASLOptions | undefined {
  const mechanism = mechanisms.find((one) => one === (options.get('mechanism') ?? 'SCRAM-SHA-512').toUpperCase());
  if (mechanism === undefined) throw refused(`mechanism as one of ${mechanisms.join(', ')}`);
  if (login === undefined) return undefined;
  const [username = '', password = ''] = login.split(/:(.*)/s).map(decoded);
  return { mechanism, username, password };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused('%-signs in the name and the password written as %25');
  }
}

/** The message does not repeat the address, which may hold a password. */
function refused(expected: string): KontorError {
  const message = `the address of Kafka is not valid: expected ${expected}`;
  return new KontorError('invalid_option', message, { details: [{ field: 'STREAM_URL', message }] });
}
