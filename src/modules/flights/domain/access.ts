/** Accesses to flights, as they are recorded. */
export const accessKinds = ['listed', 'opened', 'priced', 'booked'] as const;
export type AccessKind = (typeof accessKinds)[number];

export const accessTopic = 'flights-access';
export const recorderGroup = 'recorder';
