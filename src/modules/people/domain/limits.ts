/** How long passwords are, how many sessions and access tokens an account has, and how long signed tokens and their keys last. */

export const minPasswordLength = 10;
export const maxPasswordLength = 200;

/** Of one account; a new session ends the oldest beyond that. */
export const maxSessions = 50;
/** Of one account. */
export const maxAccessTokens = 50;

/** Of a signed token. */
export const tokenLifeMs = 5 * 60_000;
/** How long other services may keep the published keys. */
export const publishedForMs = 5 * 60_000;
