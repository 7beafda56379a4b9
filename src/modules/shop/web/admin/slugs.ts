/** Names in addresses and article numbers, made of what a product is called. */

const maxSlug = 80;
const maxNumber = 60;

/** `Grüner Tee, 250 g` → `gruener-tee-250-g` */
export function slugOf(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll(/[äöü]/g, (letter) => `${letter.normalize('NFKD')[0]}e`)
    .normalize('NFKD')
    .replaceAll(/\p{Mark}|[’']/gu, '');
  return trimmed(plain.replaceAll(/[^a-z0-9]+/g, '-'), maxSlug);
}

/** `gruener-tee`, `250 g` → `GRUENER-TEE-250-G` */
export function articleNumberOf(productId: string, variantName: string): string {
  return trimmed(`${productId}-${slugOf(variantName)}`, maxNumber).toUpperCase();
}

function trimmed(slug: string, most: number): string {
  return slug.replaceAll(/^-+/g, '').slice(0, most).replaceAll(/-+$/g, '');
}
