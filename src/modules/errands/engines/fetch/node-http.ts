/** Node's HTTP by `require`, for the reason that src/http/node-http.ts has. */
import { createRequire } from 'node:module';

export const { Agent, request } = createRequire(import.meta.url)('node:http') as typeof import('node:http');
