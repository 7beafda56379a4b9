/** A command of the house as a whole: it sees the whole configuration. */
import type { ReadConfig } from '#config/read.ts';
import type { Colour } from '#core/command/colour.ts';
import type { Call, Command } from '#core/command/command.ts';

export interface HouseCommand extends Omit<Command, 'run'> {
  run(call: HouseCall): Promise<number>;
}

export interface HouseCall extends Call<object, ReadConfig> {
  /** Flags of options as they were typed, such as `--port`: for commands that start other processes. */
  readonly optionFlags: ReadonlyMap<string, string>;
  /** Colours of what is printed. */
  readonly colour: Colour;
  /** Waits for work, and shows what it is when that takes more than a second. */
  wait<Result>(says: () => string, work: Promise<Result>): Promise<Result>;
}
