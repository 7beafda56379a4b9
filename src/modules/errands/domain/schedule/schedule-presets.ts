/** Rhythms that people choose by name, so that nobody has to know cron. */
import type { Repeat } from './schedule.ts';

interface SchedulePreset {
  readonly name: 'every-hour' | 'workdays-at-9' | 'when-it-changes';
  readonly en: string;
  readonly de: string;
  readonly repeat: Repeat;
  /** Only results that differ from the last one are delivered. */
  readonly onlyWhenChanged: boolean;
}

export const schedulePresets: readonly SchedulePreset[] = [
  {
    name: 'every-hour',
    en: 'every hour',
    de: 'jede Stunde',
    repeat: { kind: 'interval', seconds: 3_600 },
    onlyWhenChanged: false,
  },
  {
    name: 'workdays-at-9',
    en: 'workdays at 9',
    de: 'montags bis freitags um 9',
    repeat: { kind: 'cron', expression: '0 9 * * mon-fri' },
    onlyWhenChanged: false,
  },
  {
    name: 'when-it-changes',
    en: 'when it changes',
    de: 'wenn sich etwas ändert',
    repeat: { kind: 'interval', seconds: 900 },
    onlyWhenChanged: true,
  },
];
