/** Tells an address that does not exist from one that does not take this method. */

/** Each route's pattern, such as `/api/things/:id`, with its methods. */
export type RouteTable = Map<string, Set<string>>;

/** The methods that routes matching the path take. Catch-all patterns are left out: they would claim every address. */
export function otherMethods(routes: RouteTable, path: string): readonly string[] {
  const methods = new Set<string>();
  for (const [pattern, itsMethods] of routes) {
    if (!pattern.includes('*') && matches(pattern, path)) for (const method of itsMethods) methods.add(method);
  }
  return [...methods].sort();
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length && wanted.every((step, index) => (step.startsWith(':') ? given[index] !== '' : step === given[index]))
  );
}
