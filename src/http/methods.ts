/** Distinguishes a path that does not exist from one that does not take a method. */

/** The methods of each route, by pattern, such as `/api/things/:id`. */
export type RouteTable = Map<string, Set<string>>;

/** The methods of all routes that match the path. Catch-all patterns are ignored, because they match every path. */
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
