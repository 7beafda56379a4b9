/** What people order, and the names of orders and runs. */
import type { Schedule } from './schedule/schedule.ts';

export const methods = ['GET', 'HEAD'] as const;
export type Method = (typeof methods)[number];

/**
 * `out-of-coins` goes on by itself when there are coins, and `locked` when the account is unlocked. `done` has no slot left;
 * its last runs may still be open.
 */
export const orderStates = ['active', 'paused', 'out-of-coins', 'locked', 'done', 'cancelled'] as const;
export type OrderState = (typeof orderStates)[number];

/** The generation of runs that were asked for by hand: their slots are counted apart from the schedule's. */
export const manualGeneration = 0;

/** A repetition of an order. An edited schedule begins a new generation, whose slots are counted from 1. */
export interface RunName {
  readonly orderId: string;
  readonly generation: number;
  readonly slot: number;
}

/** What one miner fetches: a run has one to three copies, each fetched by another. */
export interface CopyName extends RunName {
  readonly copy: number;
}

/** Such as `KE-7G2M-Q0ZD-41XB/1/42`: the ledger's keys and people use it. */
export function runText({ orderId, generation, slot }: RunName): string {
  return `${orderId}/${generation}/${slot}`;
}

export function copyText(name: CopyName): string {
  return `${runText(name)}/${name.copy}`;
}

/** From when a run is due, in milliseconds: the starts of its attempts, and the end, when what is open fails and is refunded. */
export const attemptsMs = [0, 30_000, 60_000] as const;
export const failMs = 115_000;
export const promiseMs = 120_000;
/** How long a miner has for what it claimed, unless it asks for more. */
export const leaseMs = 30_000;
/** How long before they are due runs are made. */
export const aheadMs = 120_000;

export const maxCopies = 3;
/** Orders of one account that are neither done nor cancelled. */
export const maxOrders = 1_000;
/** Runs of one order that were asked for by hand and are open. */
export const maxManualRuns = 10;

/** What is fetched, how often, and what becomes of it: all that a customer chooses. */
export interface OrderTerms {
  readonly title: string;
  readonly address: string;
  /** Of the address, with the port where it is not the usual one. */
  readonly host: string;
  readonly method: Method;
  readonly headers: Readonly<Record<string, string>>;
  readonly schedule: Schedule;
  /** JSON, or null for the whole page. */
  readonly extraction: string | null;
  readonly onlyChanges: boolean;
  readonly webhook: string | null;
  readonly mail: boolean;
  /** Miners that fetch each run; a repetition costs as many coins. */
  readonly copies: number;
  readonly instrument: string | null;
}
