/** Certificates for tests of TLS: signed by themselves, for the names and addresses that a test serves. */
import { createSign, generateKeyPairSync } from 'node:crypto';

export interface OwnCertificate {
  readonly key: string;
  readonly cert: string;
}

const tag = { integer: 2, bits: 3, octets: 4, oid: 6, utf8: 12, time: 24, sequence: 48, set: 49, context0: 160, context3: 163 };

/** The form of X.509 in as few fields as OpenSSL accepts; `ips` are IPv4. */
export function ownCertificate(names: readonly string[], ips: readonly string[]): OwnCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = der(tag.sequence, oid('2a8648ce3d040302'));
  const name = der(tag.sequence, der(tag.set, der(tag.sequence, oid('550403'), der(tag.utf8, Buffer.from('kontor test')))));
  const validity = der(tag.sequence, der(tag.time, Buffer.from('20200101000000Z')), der(tag.time, Buffer.from('20991231000000Z')));
  const others = der(
    tag.sequence,
    ...names.map((text) => der(0x82, Buffer.from(text))),
    ...ips.map((ip) => der(0x87, Buffer.from(ip.split('.').map(Number)))),
  );
  const authority = der(tag.sequence, der(1, Buffer.from([255])));
  const extensions = der(
    tag.sequence,
    der(tag.sequence, oid('551d11'), der(tag.octets, others)),
    der(tag.sequence, oid('551d13'), der(1, Buffer.from([255])), der(tag.octets, authority)),
  );
  const toSign = der(
    tag.sequence,
    der(tag.context0, der(tag.integer, Buffer.from([2]))),
    der(tag.integer, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(tag.context3, extensions),
  );
  const signature = createSign('sha256').update(toSign).sign(privateKey);
  const whole = der(tag.sequence, toSign, ecdsaWithSha256, der(tag.bits, Buffer.from([0]), signature));
  const lines = whole.toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd();
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

function oid(hex: string): Buffer {
  return der(tag.oid, Buffer.from(hex, 'hex'));
}

function der(type: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([type, ...length]), body]);
}
