/** Reads messages from `/live`, and refuses those that are not in the protocol. */
import type { ServerMessage } from '#modules/stocks/api/live-protocol.ts';

export type { ClientMessage, ServerMessage } from '#modules/stocks/api/live-protocol.ts';

/** Returns the message, or undefined if it is not in the protocol. The state in it is not checked. */
export function readServerMessage(text: string): ServerMessage | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isServerMessage(message) ? message : undefined;
}

function isServerMessage(value: unknown): value is ServerMessage {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  const message = value as Record<string, unknown>;
  switch (message.type) {
    case 'snap':
      return (
        typeof message.channel === 'string' &&
        typeof message.epoch === 'string' &&
        typeof message.pos === 'number' &&
        isObject(message.state)
      );
    case 'delta':
      return (
        typeof message.channel === 'string' &&
        typeof message.base === 'number' &&
        typeof message.pos === 'number' &&
        isObject(message.changed)
      );
    case 'error':
      return typeof message.message === 'string';
    case 'pong':
    case 'bye':
      return true;
    default:
      return false;
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
