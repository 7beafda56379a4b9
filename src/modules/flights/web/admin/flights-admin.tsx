/** The pages of flights for admins: the timetable, the runs of the pricer, and the lake. */
import './admin.css';
import type { AdminPageProps } from '#web/area.ts';
import { LakePage } from './lake-page.tsx';
import { PricingPage } from './pricing-page.tsx';
import { TimetablePage } from './timetable-page.tsx';

export function FlightsAdmin({ page }: AdminPageProps) {
  switch (page) {
    case 'timetable':
      return <TimetablePage />;
    case 'pricing':
      return <PricingPage />;
    case 'lake':
      return <LakePage />;
  }
}
