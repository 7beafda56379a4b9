/** The link in a letter, as an address of this app. */

export function linkIn(text: string): string | undefined {
  return /^(?:https?:\/\/[^\s/]+)?(\/account\/(?:open|reset|email)#[0-9a-f]{64})$/m.exec(text)?.[1];
}

/** What stands behind the `#` of a letter's link; undefined for a link that was cut or mistyped. */
export function tokenIn(hash: string): string | undefined {
  return /^#([0-9a-f]{64})$/.exec(hash)?.[1];
}
