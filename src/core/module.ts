/** A module as plain data. To add a module, write one of these and name it in house/modules.ts. */
import type { Identify } from './account.ts';
import type { Command } from './command/command.ts';
import type { Law } from './laws/law.ts';
import type { OptionTable, Values } from './options/option.ts';
import type { Ports } from './ports/ports.ts';
import type { Migration } from './ports/state.ts';
import type { Topic } from './ports/stream.ts';
import type { Role } from './role.ts';

/** `Own` are the ports that the module adds to those of every module. */
export interface Module<Web = unknown, Table extends OptionTable = OptionTable, Own extends object = object> {
  readonly name: string;
  /** One sentence: what the module is for. */
  readonly says: string;
  readonly options: Table;
  readonly migrations: readonly Migration[];
  readonly commands: readonly Command<Own, Settings<Table>>[];
  /** Roles that `kontor cluster` runs in processes of their own; all others run side by side in the processes that serve users. */
  readonly placement?: readonly Placement[];
  /** House accounts in the ledger, such as `revenue:shop`; the house opens them. */
  readonly accounts?: readonly string[];
  topics?(settings: Settings<Table>): readonly ModuleTopic[];
  roles(settings: Settings<Table>): readonly Role<Web, Own>[];
  laws(settings: Settings<Table>): readonly Law<Own>[];
  /** Opens the engines of the module's ports. */
  openEngines?(settings: Settings<Table>, ports: EnginePorts): Promise<OwnEngines<Own>>;
  /** Identifies the sender of a request. Exactly one module has it. */
  identify?(settings: Settings<Table>, ports: Pick<Ports, 'state' | 'clock' | 'log'>): Identify;
}

/** The values of a module's options and of the house. */
export type Settings<Table extends OptionTable> = Values<Table> & HouseSettings;

export interface HouseSettings {
  /** Whether this is a demonstration: see DEMO. */
  readonly demo: boolean;
  /** What links in letters begin with; undefined when the host of a request is checked and can be used instead. */
  readonly publicOrigin: string | undefined;
  /** The names of all modules of the house. */
  readonly moduleNames: readonly string[];
  /** Shows a text to the person who starts the house, past the log, which is collected and kept. */
  announce(text: string): void;
}

/** Processes of one role in a cluster on one machine. */
export interface Placement {
  readonly role: string;
  /** The name of the processes; several are numbered, and a flag such as `--aggregators` sets how many. */
  readonly name: string;
  readonly processes: number;
  readonly stage: keyof typeof stages;
}

/** Processes of a lower stage start earlier and stop later: those that serve users stop first. */
export const stages = { engines: 0, carriers: 1, workers: 2, sources: 3, front: 4, proxy: 5 } as const;

/** A topic, with the address of its stream if it differs from STREAM_URL. */
export interface ModuleTopic extends Topic {
  readonly streamUrl?: string | undefined;
}

export type EnginePorts = Pick<Ports, 'state' | 'clock' | 'random' | 'log'>;

export interface OwnEngines<Own extends object> {
  readonly ports: Own;
  /** The tables that these engines keep in the State. */
  readonly migrations: readonly Migration[];
  close(): Promise<void>;
}
