/** A module as plain data. To add a module, write one of these and name it in house/modules.ts. */
import type { Identify } from './account.ts';
import type { Command } from './command/command.ts';
import type { Farewell } from './farewell.ts';
import type { Law } from './laws/law.ts';
import type { OptionTable, Values } from './options/option.ts';
import type { Ports } from './ports/ports.ts';
import type { SealedColumn } from './ports/secrets.ts';
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
  /** Columns whose values are sealed; roles that read them call `secrets.unlock` at their start. */
  readonly sealed?: readonly SealedColumn[];
  readonly commands: readonly Command<Own, Settings<Table>>[];
  /** Roles that `kontor cluster` runs in processes of their own; all others run side by side in the processes that serve users. */
  readonly placement?: readonly Placement[];
  /** What its roles count as they work, for the rates of the whole house: the name of what flows, and the counter. */
  readonly pulses?: readonly { readonly name: string; readonly metric: string }[];
  /** House accounts in the ledger, such as `revenue:shop`; the house opens them. */
  readonly accounts?: readonly string[];
  topics?(settings: Settings<Table>): readonly ModuleTopic[];
  roles(settings: Settings<Table>): readonly Role<Web, Own>[];
  laws(settings: Settings<Table>): readonly Law<Own>[];
  /** What it does when a person closes the account. */
  readonly farewell?: Farewell;
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
  /** What links begin with, by PUBLIC_URL or ALLOWED_HOSTS; undefined where the operator has not said it. */
  readonly publicOrigin: string | undefined;
  /** Whether links may begin with the host of a request instead: only this machine reaches the house, and the host was checked. */
  readonly linksByRequest: boolean;
  /** The hosts under which this machine reaches the house, such as `127.0.0.1:3000`; none when the port is chosen at the start. */
  readonly ownHosts: readonly string[];
  /** Where the lake is, without secrets, for people to read. */
  readonly lakeUrl: string;
  /** The names of all modules of the house. */
  readonly moduleNames: readonly string[];
  /** Of all modules, in the order in which they are called when an account is closed: the wallet is the last. */
  readonly farewells: readonly Farewell[];
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
  /** The beginning of the paths that NGINX sends to these processes, such as `/api/flights/`; all others go to the group `front`. */
  readonly serves?: string;
}

/** Processes of a lower stage start earlier and stop later: those that serve users stop first. */
export const stages = { engines: 0, carriers: 1, workers: 2, sources: 3, front: 4, proxy: 5 } as const;

/** A topic, with the address of its stream if it differs from STREAM_URL. */
export interface ModuleTopic extends Topic {
  readonly streamUrl?: string | undefined;
  /** The groups whose lag the house shows. */
  readonly readers?: readonly string[];
}

export type EnginePorts = Pick<Ports, 'state' | 'clock' | 'random' | 'log'>;

export interface OwnEngines<Own extends object> {
  readonly ports: Own;
  /** The tables that these engines keep in the State. */
  readonly migrations: readonly Migration[];
  close(): Promise<void>;
}
