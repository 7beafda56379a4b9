/** What a role is: a named part of the house that can run alone, many times, or together with the others in one process. */
import type { Ports } from './ports/ports.ts';

/** `Own` are the ports of its module, beside those that every role gets. */
export interface Role<Web = unknown, Own extends object = object> {
  readonly name: string;
  /** One sentence for `kontor roles`. */
  readonly says: string;
  /** Roles that must be running somewhere before this one is of use; in one process they start before it. */
  readonly needs: readonly string[];
  /** `many` side by side, or why only one of them is active at a time (the others stand by). */
  readonly instances: 'many' | { readonly oneActive: string };
  /** Why it is no part of `all`, and runs only where it is named. */
  readonly onlyByName?: string;
  start(context: RoleContext<Own>): Promise<Service<Web>>;
}

export interface RoleContext<Own extends object = object> {
  readonly ports: Ports & Own;
  /** Resolves when the house is open to users: heavy work that can wait for it does. Left out where nobody waits. */
  readonly opened?: Promise<void>;
  /** The role met a failure that it cannot go on with: the house names it and stops with exit 1. */
  fail(error: unknown): void;
}

export interface Service<Web = unknown> {
  /** What it adds to this process's HTTP server: routes and sockets. */
  readonly web?: Web;
  /** For `/ready`: whether it does its work, and a word on it (`active`, `standing by`, `disk full`). */
  status(): RoleStatus;
  /** Takes no new users and lets go of those it has, within `signal`. Called before any role is stopped. */
  drain?(signal: AbortSignal): Promise<void>;
  /** Ends its work in order; everything it acknowledged is durable afterwards. */
  stop(): Promise<void>;
}

export interface RoleStatus {
  readonly ready: boolean;
  readonly says: string;
}
