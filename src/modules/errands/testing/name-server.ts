/** A DNS server for tests: answers what the test says, and something else at each question if the test wants it so. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface NameServer {
  /** Such as `127.0.0.1:40053`. */
  readonly address: string;
  readonly questions: () => number;
  close(): Promise<void>;
}

const typeA = 1;
const typeAaaa = 28;

/** `answer` gives the addresses of a name, IPv4 and IPv6 mixed; undefined leaves the question without an answer. `asked` counts from 1. */
export async function startNameServer(answer: (name: string, asked: number) => readonly string[] | undefined): Promise<NameServer> {
  const socket = createSocket('udp4');
  const asked = new Map<string, number>();
  let questions = 0;
  socket.on('message', (message, { port, address }) => {
    const { name, type, end } = questionOf(message);
    const times = (asked.get(`${type} ${name}`) ?? 0) + 1;
    asked.set(`${type} ${name}`, times);
    questions++;
    const addresses = answer(name, times);
    if (addresses === undefined) return;
    const records = addresses.filter((text) => text.includes(':') === (type === typeAaaa)).map((text) => record(type, text));
    const header = Buffer.from(message.subarray(0, 12));
    // An answer, without an error, and as many records.
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(records.length, 6);
    header.writeUInt32BE(0, 8);
    socket.send(Buffer.concat([header, message.subarray(12, end), ...records]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${(socket.address() as AddressInfo).port}`,
    questions: () => questions,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function questionOf(message: Buffer): { readonly name: string; readonly type: number; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

function record(type: number, address: string): Buffer {
  const data = type === typeA ? Buffer.from(address.split('.').map(Number)) : ipv6(address);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function ipv6(address: string): Buffer {
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [before = [], after = []] = canonical.split('::').map((half) => half.split(':').filter(Boolean));
  const groups = [...before, ...new Array<string>(8 - before.length - after.length).fill('0'), ...after];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
