/** The configuration of this house: its own options and those of its modules. */
import { type Given, type ReadConfig, readConfig } from '#config/read.ts';
import { modules } from './modules.ts';

export function readHouseConfig(given: Given): ReadConfig {
  return readConfig(given, modules);
}
