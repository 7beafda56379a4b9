/** Which area an address belongs to. Addresses are the browser's own (history API): the server answers all of them with the app. */

interface Owner {
  readonly owns: readonly string[];
}

/** Undefined when nothing of ours stands at the address. `front` stands at the bare address of the house. */
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
    // A lone % is no reason to fail: nothing will be found by it.
    return part;
  }
}
