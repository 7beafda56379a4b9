/** Finds the area of a path. The server answers the paths of all pages with the app. */

interface Owner {
  readonly owns: readonly string[];
}

/** Undefined if no area has the path. `front` is the area at `/`. */
export function areaAt<Area extends Owner>(path: string, areas: readonly Area[], front: Area | undefined): Area | undefined {
  const [first] = partsOf(path);
  return first === undefined ? front : areas.find(({ owns }) => owns.includes(first));
}

/** `/shop/products/green-tea/` → shop, products, green-tea. */
export function partsOf(path: string): readonly string[] {
  return path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // An invalid escape stays as it is, and matches no page.
    return part;
  }
}
