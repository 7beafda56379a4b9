/** An order's rhythm in words: `every hour`, `on workdays at 09:00`. */
import type { OrderInput } from './sources.ts';
import { useErrandsWords } from './words.ts';

const unitsDown = [
  ['days', 86_400],
  ['hours', 3_600],
  ['minutes', 60],
  ['seconds', 1],
] as const;

export function useRhythmText(): (repeat: OrderInput['schedule']['repeat']) => string {
  const { rhythm: words } = useErrandsWords();
  return (repeat) => {
    if (repeat.kind === 'once') return words.once;
    if (repeat.kind === 'interval') {
      const [unit, seconds] = unitsDown.find(([, length]) => repeat.seconds % length === 0) ?? ['seconds', 1];
      return words.every[unit](repeat.seconds / seconds);
    }
    const [, minute = '', hour = '', days] = /^(\d{1,2}) (\d{1,2}) \* \* (\*|1-5)$/.exec(repeat.expression) ?? [];
    if (days === undefined) return words.cron(repeat.expression);
    const clock = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
    return days === '*' ? words.daily(clock) : words.workdays(clock);
  };
}
