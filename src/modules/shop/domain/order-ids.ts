/** Order numbers as people type them. */

/** `ko 7g2m q0zd 41xb` is KO-7G2M-Q0ZD-41XB; undefined for what is no whole number. */
export function orderIdIn(text: string): string | undefined {
  const [, digits] = /^KO([0-9A-Z]{12})$/.exec(text.toUpperCase().replaceAll(/[\s-]/g, '')) ?? [];
  return digits === undefined ? undefined : `KO-${digits.slice(0, 4)}-${digits.slice(4, 8)}-${digits.slice(8)}`;
}
