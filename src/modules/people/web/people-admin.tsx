/** Pages for admins around accounts: all accounts, and the audit trail. */
import type { AdminPageProps } from '#web/area.ts';
import { AccountsPage } from './accounts-page.tsx';
import { EventsSheet } from './events.tsx';

export function PeopleAdmin({ page }: AdminPageProps) {
  switch (page) {
    case 'accounts':
      return <AccountsPage />;
    case 'events':
      return <EventsSheet of="all" />;
  }
}

/** On the admin's overview. */
export function NewestEvents() {
  return <EventsSheet of="newest" />;
}
