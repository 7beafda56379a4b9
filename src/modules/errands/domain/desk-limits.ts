/** The limits of the desk's protocol, which miners keep to. */

/** Bytes of a page, and of a message with pages in base64. */
export const maxPageBytes = 2 * 1_024 * 1_024;
export const maxMessageBytes = 8 * 1_024 * 1_024;
export const maxRunsPerClaim = 100;
export const maxAnswersPerMessage = 200;
export const maxWaitMs = 20_000;
export const deskSocketPath = '/api/errands/desk/socket';
