/** Reads what a client sends on `/live`; a bad message gets an answer that names the field and what it must be. */
import type { ClientMessage } from '../live-protocol.ts';

export const defaultHz = 4;
const minHz = 1;
const maxHz = 10;
const maxChannelLength = 64;

export type ReadMessage = { readonly message: ClientMessage } | { readonly error: string; readonly channel?: string };

export function readClientMessage(text: string): ReadMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { error: 'The message is not JSON; send one JSON object a frame, such as {"type":"sub","channel":"market"}.' };
  }
  if (!isObject(value)) return { error: 'The message must be a JSON object with a "type".' };
  switch (value.type) {
    case 'sub':
      return readSub(value);
    case 'unsub':
      return isChannelName(value.channel) ? { message: { type: 'unsub', channel: value.channel } } : { error: channelForm };
    case 'ping':
      if (value.at === undefined) return { message: { type: 'ping' } };
      if (!isFiniteNumber(value.at)) return { error: '"at" must be a number, or left out.' };
      return { message: { type: 'ping', at: value.at } };
    default:
      return { error: '"type" must be one of "sub", "unsub" and "ping".' };
  }
}

const channelForm = '"channel" must be "market", "proof" or "batches:CODE", such as "batches:MSFT".';

function readSub(value: Readonly<Record<string, unknown>>): ReadMessage {
  const { channel, since, hz } = value;
  if (!isChannelName(channel)) return { error: channelForm };
  if (hz !== undefined && !(isFiniteNumber(hz) && hz >= minHz && hz <= maxHz)) {
    return { error: `"hz" must be a number from ${minHz} to ${maxHz}, or left out for ${defaultHz}.`, channel };
  }
  if (since !== undefined && !isSince(since)) {
    return { error: '"since" must be {"epoch": text, "pos": whole number of at least 0} as of an earlier message, or left out.', channel };
  }
  return {
    message: {
      type: 'sub',
      channel,
      ...(since === undefined ? {} : { since: { epoch: since.epoch, pos: since.pos } }),
      ...(hz === undefined ? {} : { hz }),
    },
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isChannelName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= maxChannelLength;
}

function isSince(value: unknown): value is { epoch: string; pos: number } {
  return (
    isObject(value) &&
    typeof value.epoch === 'string' &&
    value.epoch.length <= 128 &&
    Number.isSafeInteger(value.pos) &&
    (value.pos as number) >= 0
  );
}
