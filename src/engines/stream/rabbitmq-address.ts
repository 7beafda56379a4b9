/** Addresses of RabbitMQ: `amqp://name:password@host1:5672,host2:5672/vhost`, or several whole addresses separated by commas. */
import type { Options } from 'amqplib';
import { KontorError } from '#core/errors.ts';

export type RabbitmqAddress = Options.Connect & { readonly hostname: string; readonly port: number };

const maxHosts = 20;
const form = /^(amqps?):\/\/(?:(.*)@)?([^/?@]+)(?:\/([^/?]*))?(?:\?(.*))?$/;
const host = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/;

/** One address per host, in the order in which they are tried. */
export function rabbitmqAddresses(url: string): readonly RabbitmqAddress[] {
  const addresses = url.split(/,(?=amqps?:)/).flatMap(addressesIn);
  if (addresses.length > maxHosts) throw refused(`at most ${maxHosts} hosts`);
  return addresses;
}

function addressesIn(text: string): RabbitmqAddress[] {
  const [, protocol = '', login, hosts = '', path, query] = form.exec(text) ?? [];
  if (protocol === '') throw refused('amqp://NAME:PASSWORD@HOST:PORT/VHOST, with more hosts after commas');
  const [username = 'guest', password = 'guest'] = (login ?? 'guest:guest').split(/:(.*)/s).map(decoded);
  const heartbeat = new URLSearchParams(query).get('heartbeat');
  return hosts.split(',').map((one) => {
    const [, hostname = '', port = protocol === 'amqp' ? '5672' : '5671'] = host.exec(one) ?? [];
    if (hostname === '' || Number(port) < 1 || Number(port) > 65_535) throw refused('HOST or HOST:PORT between the commas');
    return {
      protocol,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port),
      username,
      password,
      // An empty path means the default; amqplib decodes the name.
      vhost: path === undefined || path === '' ? '%2F' : path,
      ...(heartbeat === null ? {} : { heartbeat: seconds(heartbeat) }),
    };
  });
}

function seconds(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) < 1) throw refused('heartbeat as whole seconds from 1 to 999');
  return Number(text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused('%-signs in the name and the password written as %25');
  }
}

/** The message does not repeat the address, which holds a password. */
function refused(expected: string): KontorError {
  const message = `the address of RabbitMQ is not valid: expected ${expected}`;
  return new KontorError('invalid_option', message, { details: [{ field: 'STREAM_URL', message }] });
}
