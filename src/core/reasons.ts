/** Why a request is refused whatever it is about, by stable names with what each tells; the pages say it in their reader's language. */
import type { Nothing } from './errors.ts';

/** Of a field that does not fit its schema. */
export type FieldReasons = {
  'field-missing': Nothing;
  'field-unknown': Nothing;
  'field-least': { least: number };
  'field-most': { most: number };
  'field-short': { least: number };
  'field-long': { most: number };
  'field-wrong': Nothing;
};

export type HouseReasons = FieldReasons & {
  'key-reused': Nothing;
};
