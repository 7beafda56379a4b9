/** Options that are `on`, `off`, or `auto`: on in a demonstration. */
import type { HouseSettings } from '../module.ts';

export function isOn(choice: 'auto' | 'on' | 'off', { demo }: Pick<HouseSettings, 'demo'>): boolean {
  return choice === 'on' || (choice === 'auto' && demo);
}
