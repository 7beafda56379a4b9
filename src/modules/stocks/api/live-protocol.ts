/**
 * The `/live` WebSocket protocol: JSON messages, one a frame. docs/live-protocol.md says it in prose.
 *
 * A client's position is (epoch, pos) and means the same on every instance. Channels:
 * - `market`: every company at a glance, conflated: newest wins, at most `hz` a second. pos = sum of the companies' positions.
 * - `batches:CODE`: the company's closed batches, never conflated, never left out. pos = number of the newest one sent.
 * - `proof`: the proof line. pos = trades counted and open.
 */
import type { BatchView, CompanySummary, Proof } from './schemas.ts';

export type ClientMessage =
  | {
      readonly type: 'sub';
      readonly channel: string;
      /** Where the client is, when it has been here before. Another epoch, or a position too far back, gets a snapshot. */
      readonly since?: { readonly epoch: string; readonly pos: number };
      /** Updates a second it wants, 1 to 10; 4 if left out. */
      readonly hz?: number;
    }
  | { readonly type: 'unsub'; readonly channel: string }
  | { readonly type: 'ping'; readonly at?: number };

export type MarketState = readonly CompanySummary[];
/** The newest batches, oldest first. */
export type BatchesState = readonly BatchView[];

export type ServerMessage =
  | {
      readonly type: 'snap';
      readonly channel: string;
      readonly epoch: string;
      readonly pos: number;
      readonly state: MarketState | BatchesState | Proof;
    }
  /** `changed` holds whole new values: companies that moved, batches that closed after `base`, or the new proof. */
  | {
      readonly type: 'delta';
      readonly channel: string;
      readonly base: number;
      readonly pos: number;
      readonly changed: MarketState | BatchesState | Proof;
    }
  | { readonly type: 'pong'; readonly at?: number }
  | { readonly type: 'error'; readonly channel?: string; readonly message: string }
  /** The instance is stopping: connect again (to another) and resume. */
  | { readonly type: 'bye'; readonly reason: string };
