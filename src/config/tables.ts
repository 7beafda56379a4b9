/** All option tables: one of the house and one per module. */
import { namesOf, type Option, type OptionTable } from '#core/options/option.ts';
import { houseOptions } from './options.ts';

export interface ModuleOptions {
  readonly name: string;
  /** One sentence for its section in the help. */
  readonly says: string;
  readonly options: OptionTable;
}

export function allOptions(modules: readonly ModuleOptions[]): readonly Option<unknown>[] {
  return [houseOptions, ...modules.map(({ options }) => options)].flatMap((table: OptionTable) => Object.values(table));
}

/** Every environment variable that sets an option. */
export function optionNames(modules: readonly ModuleOptions[]): readonly string[] {
  return allOptions(modules).flatMap(namesOf);
}
