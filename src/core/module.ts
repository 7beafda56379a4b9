/** What a module is to the house: plain data. To add a module, write one of these and name it in house/modules.ts. */
import type { Identify } from './account.ts';
import type { Command } from './command/command.ts';
import type { Law } from './laws/law.ts';
import type { OptionTable, Values } from './options/option.ts';
import type { Ports } from './ports/ports.ts';
import type { Migration } from './ports/state.ts';
import type { Topic } from './ports/stream.ts';
import type { Role } from './role.ts';

/** `Own` are the ports that the module brings itself, beside those that every module gets. */
export interface Module<Web = unknown, Table extends OptionTable = OptionTable, Own extends object = object> {
  readonly name: string;
  /** One sentence: what the module is for. */
  readonly says: string;
  readonly options: Table;
  readonly migrations: readonly Migration[];
  readonly commands: readonly Command<Own, Settings<Table>>[];
  /** Roles that `kontor cluster` runs in processes of their own; all others run side by side in the processes that serve users. */
  readonly placement?: readonly Placement[];
  /** Its own accounts in the ledger, such as `revenue:shop`; the house opens them. */
  readonly accounts?: readonly string[];
  topics?(settings: Settings<Table>): readonly ModuleTopic[];
  roles(settings: Settings<Table>): readonly Role<Web, Own>[];
  laws(settings: Settings<Table>): readonly Law<Own>[];
  /** Opens the engines of its own ports. */
  openEngines?(settings: Settings<Table>, ports: EnginePorts): Promise<OwnEngines<Own>>;
  /** Tells who sends a request. One module does. */
  identify?(settings: Settings<Table>, ports: Pick<Ports, 'state' | 'clock' | 'log'>): Identify;
}

/** The values of a module's options, and what it may know of the house around it. */
export type Settings<Table extends OptionTable> = Values<Table> & HouseSettings;

export interface HouseSettings {
  /** Whether visitors may play: see DEMO. */
  readonly demo: boolean;
  /** What links in letters begin with; undefined where the host that a request asked for is known to be ours. */
  readonly publicOrigin: string | undefined;
  /** The names of all modules of the house. */
  readonly moduleNames: readonly string[];
  /** Shows a text to the person who starts the house, past the log, which is collected and kept. */
  announce(text: string): void;
}

/** Processes of one role in a cluster on one machine. */
export interface Placement {
  readonly role: string;
  /** What the processes are called; with more than one they are numbered, and a flag such as `--aggregators` changes how many. */
  readonly name: string;
  readonly processes: number;
  readonly stage: keyof typeof stages;
}

/** Processes of a lower stage start earlier and stop later: those connected to users stop first. */
export const stages = { engines: 0, carriers: 1, workers: 2, sources: 3, front: 4, proxy: 5 } as const;

/** A topic, with the address of its stream where it has an engine of its own. */
export interface ModuleTopic extends Topic {
  readonly streamUrl?: string | undefined;
}

export type EnginePorts = Pick<Ports, 'state' | 'clock' | 'random' | 'log'>;

export interface OwnEngines<Own extends object> {
  readonly ports: Own;
  /** What these engines keep in the State themselves. */
  readonly migrations: readonly Migration[];
  close(): Promise<void>;
}
