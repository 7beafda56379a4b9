/**
 * Node's HTTP by `require`: an import of node:http also loads what only its WebSocket needs (undici, and with it HTTP/2), which takes
 * 15 MB, and a twentieth of a start.
 */
import { createRequire } from 'node:module';

export const { createServer, STATUS_CODES } = createRequire(import.meta.url)('node:http') as typeof import('node:http');
