/** All tables of options together: that of the house, and one a module. */
import { namesOf, type Option, type OptionTable } from '#core/options/option.ts';
import { houseOptions } from './options.ts';

export interface ModuleOptions {
  readonly name: string;
  /** One sentence for the section that is named after it in the help. */
  readonly says: string;
  readonly options: OptionTable;
}

export function allOptions(modules: readonly ModuleOptions[]): readonly Option<unknown>[] {
  return [houseOptions, ...modules.map(({ options }) => options)].flatMap((table: OptionTable) => Object.values(table));
}

/** Every name under which an option stands in the environment. */
export function optionNames(modules: readonly ModuleOptions[]): readonly string[] {
  return allOptions(modules).flatMap(namesOf);
}
