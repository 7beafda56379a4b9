/** Pictures that admins put to products: their kinds, told by the bytes themselves and never by what a browser says. */

export type PictureKind = 'png' | 'jpeg' | 'webp' | 'avif';

/** Undefined for everything else, such as SVG, which may hold scripts. */
export function pictureKindOf(bytes: Uint8Array): PictureKind | undefined {
  const at = (start: number, end: number) => Buffer.from(bytes.subarray(start, end)).toString('latin1');
  if (at(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (at(0, 3) === '\xff\xd8\xff') return 'jpeg';
  if (at(0, 4) === 'RIFF' && at(8, 12) === 'WEBP') return 'webp';
  if (at(4, 8) === 'ftyp' && ['avif', 'avis'].includes(at(8, 12))) return 'avif';
  return undefined;
}

/** Such as `png/9f86d0…`: it is never another picture. */
export function pictureName(kind: PictureKind, hash: string): string {
  return `${kind}/${hash}`;
}

/** The address of a picture by its name. */
export function pictureAddress(name: string): string;
export function pictureAddress(name: string | null): string | null;
export function pictureAddress(name: string | null): string | null {
  return name === null ? null : `/api/shop/pictures/${name}`;
}
