/** The words of this area, and the names of what they are said for. */
import type { AccountView, NewAccessToken, SecurityEvents } from '../../../src/http/people/schemas.ts';
import { useAreaWords } from '../language/area-words.ts';
import { english, type PeopleWords } from './english.ts';
import { german } from './german.ts';

export type AccountRole = AccountView['role'];
export type Scope = NewAccessToken['scopes'][number];
export type SecurityEvent = SecurityEvents['events'][number];
export type EventKind = SecurityEvent['kind'];

const dictionaries = { en: english, de: german };

export function usePeopleWords(): PeopleWords {
  return useAreaWords(dictionaries);
}
