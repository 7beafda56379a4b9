/** A role: a named part of the house that can run alone, many times, or together with others in one process. */
import type { WholeHouse } from './plugs.ts';
import type { Ports } from './ports/ports.ts';

/** `Own` are the ports of the role's module, beside those that every role gets. */
export interface Role<Web = unknown, Own extends object = object> {
  readonly name: string;
  /** One sentence for `kontor roles`. */
  readonly says: string;
  /** Roles that this one depends on; in one process they start before it. */
  readonly needs: readonly string[];
  /** `many`, or why only one instance is active at a time (the others stand by). */
  readonly instances: 'many' | { readonly oneActive: string };
  /** Why it is not part of `all`, and runs only where it is named. */
  readonly onlyByName?: string;
  start(context: RoleContext<Own>): Promise<Service<Web>>;
}

export interface RoleContext<Own extends object = object> {
  readonly ports: Ports & Own;
  /** Resolves when the house is open to users; heavy work waits for it. Omitted where there are no users. */
  readonly opened?: Promise<void>;
  /** For the role that shows the whole house. Omitted where roles run without one. */
  readonly house?: WholeHouse;
  /** Reports a failure that the role cannot recover from: the house logs its name and stops with exit 1. */
  fail(error: unknown): void;
}

export interface Service<Web = unknown> {
  /** Routes and sockets for this process's HTTP server. */
  readonly web?: Web;
  /** For `/ready`: whether the role works, in a few words (`active`, `standing by`, `disk full`). */
  status(): RoleStatus;
  /** Accepts no new users and closes open connections before `signal` aborts. Called before any role is stopped. */
  drain?(signal: AbortSignal): Promise<void>;
  /** Ends the work in order; everything acknowledged is durable afterwards. */
  stop(): Promise<void>;
}

export interface RoleStatus {
  readonly ready: boolean;
  readonly says: string;
}
