/** The messages between the stream and its writing thread. */
import type { ErrorCode } from '#core/errors.ts';
import type { StreamTables } from './sqlite-tables.ts';

export interface ThreadOptions {
  readonly path: string;
  readonly checkpointPages: number;
  readonly pageBytes: number;
}

type Method = 'declare' | 'publish' | 'join' | 'claim' | 'acknowledge' | 'rewind' | 'release' | 'leave';
export type Arguments<Name extends Method> = Parameters<StreamTables[Name]>;
export type Value<Name extends Method> = ReturnType<StreamTables[Name]>;

export type Call = { [Name in Method]: { readonly id: number; readonly method: Name; readonly args: Arguments<Name> } }[Method];
export type { Method };

export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

export function callTables(tables: StreamTables, { method, args }: Call): unknown {
  return (tables[method] as (...values: unknown[]) => unknown).apply(tables, args);
}
