/** What the configuration says to the people's room, and to the sessions of every process. */
import { isDemo } from '#config/demo.ts';
import type { Config } from '#config/options.ts';
import type { AdminPassword } from '#modules/people/store/accounts/admin.ts';
import { identifyFrom } from '#modules/people/store/sessions/identify.ts';
import type { SessionRules } from '#modules/people/store/sessions/sessions.ts';
import type { Ports } from '#core/ports/ports.ts';
import { isLoopback } from '#http/gate.ts';
import type { PeopleRoleOptions } from '#modules/people/roles/people.ts';
import type { SessionOptions } from '#http/sessions.ts';

const hourMs = 3_600_000;

export function peopleOptions(config: Config): PeopleRoleOptions {
  return {
    sessionRules: sessionRules(config),
    adminEmail: config.adminEmail,
    publicOrigin: publicOrigin(config),
    announce: announceAdmin,
  };
}

/** For the web server of every process, whether or not it runs the role `people`. */
export function sessionOptions(config: Config, ports: Pick<Ports, 'state' | 'clock' | 'log'>): SessionOptions {
  return { identify: identifyFrom(ports, sessionRules(config)), demo: isDemo(config), demoOnlyHere: config.demo === 'auto' };
}

function sessionRules({ sessionIdleHours, sessionMaxDays }: Config): SessionRules {
  return { idleMs: sessionIdleHours * hourMs, longestMs: sessionMaxDays * 24 * hourMs };
}

/** On a loopback address, a request's host is checked to be a name of ours; elsewhere it may be anybody's, and no link may begin with it. */
function publicOrigin({ publicUrl, host, port, allowedHosts }: Config): string | undefined {
  if (publicUrl !== undefined) return publicUrl;
  if (isLoopback(host)) return undefined;
  return allowedHosts?.[0] === undefined ? `http://localhost:${port}` : `https://${allowedHosts[0]}`;
}

/** Past the log, which is collected and kept: this is for the person who started the house, once. */
function announceAdmin({ email, password }: AdminPassword): void {
  process.stderr.write(
    `\nThe house is new. Log in as its admin, and change the password (it is shown this once; \`kontor people create-admin\` makes another):\n\n  ${email}\n  ${password}\n\n`,
  );
}
