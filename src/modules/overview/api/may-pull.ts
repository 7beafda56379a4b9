/** Who may pull the plug: an admin, and in a demonstration everybody at this machine, without a proxy between. */
import type { FastifyRequest } from 'fastify';
import { KontorError } from '#core/errors.ts';
import { isFromThisMachine } from '#http/local-requests.ts';
import { inDemo, requireAdmin } from '#http/sessions.ts';
import type { PullChoices } from './schemas.ts';

export async function requirePuller(request: FastifyRequest): Promise<void> {
  if (inDemo(request) && isFromThisMachine(request.raw)) return;
  await requireAdmin(request);
}

/** Null for those who may. */
export async function whyNotPull(request: FastifyRequest): Promise<PullChoices['why']> {
  try {
    await requirePuller(request);
    return null;
  } catch (error) {
    if (!(error instanceof KontorError)) throw error;
    if (error.code === 'unauthenticated') return inDemo(request) ? 'not-at-this-machine' : 'log-in';
    if (error.code === 'forbidden') return 'not-admin';
    throw error;
  }
}
