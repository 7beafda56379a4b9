/**
 * What a run of the pricer read: how far each partition of accesses was in the lake, and the timetable. Accesses are numbered
 * without holes and never change, so that this says which ones they were, whichever files they are in later.
 */
export interface Manifest {
  readonly asOf: number;
  /** Sorted by partition. */
  readonly positions: readonly (readonly [partition: string, position: number])[];
  /** Of the file of the flights that were compared. */
  readonly timetable: string;
}

/** The text that is hashed. */
export function manifestText({ asOf, positions, timetable }: Manifest): string {
  return JSON.stringify({ asOf, positions, timetable });
}
