/** What the roles and laws of the overview, and of what belongs to no module say, in German. */
import type { HouseTexts } from '#web/area.ts';

export const houseTexts: HouseTexts = {
  active: 'aktiv',
  'standing by': 'steht bereit',
  starting: 'startet',
  'active; all … laws hold': 'aktiv; alle … Gesetze gelten',
  'active; broken': 'aktiv; gebrochen',
  'active; could not be checked': 'aktiv; nicht prüfbar',
  'the verdicts cannot be stored': 'die Urteile lassen sich nicht speichern',
  'the outbox cannot be read': 'der Ausgang lässt sich nicht lesen',
  'serving … files': 'liefert … Dateien aus',
  'the web app is not built': 'die Seiten sind nicht gebaut',
  'its state cannot be read': 'ihr Zustand lässt sich nicht lesen',
  'the other processes do not see this one': 'die anderen Prozesse sehen diesen nicht',
  'a pull of the plug cannot be followed': 'ein gezogener Stecker lässt sich nicht verfolgen',
  'its plug was pulled; it starts again in a moment': 'ihr Stecker wurde gezogen; sie startet gleich wieder',
  'changes by other processes to the State are not seen': 'Änderungen anderer Prozesse am Bestand werden nicht gesehen',
  'frames that are not confirmed in time are not sent again': 'was nicht rechtzeitig bestätigt wird, wird nicht noch einmal gesendet',
  'nobody knows what became of it': 'niemand weiß, was daraus wurde',
  'it did not recover in time': 'er erholte sich nicht rechtzeitig',
  'it is not ready … s after it was pulled': 'er ist … s danach nicht bereit',
  'not everything is ready … s after it was pulled': 'nicht alles ist … s danach bereit',
  'the process does not ask for its fault within … s': 'der Prozess fragte binnen … s nicht nach seiner Störung',
  nothing: 'nichts',
  "… partitions, … of them against the stream's end": '… Partitionen, … davon am Ende des Stroms',
};
