/** What a module brings to the browser app, as plain data: one area of pages. areas.ts lists them, a line each. */
import type { ComponentType } from 'react';
import type { Language } from './language/formats.ts';
import type { AnyRefusals } from './refusals/refusal-table.ts';

/** What something is called, in every language. */
export type Name = Readonly<Record<Language, string>>;

/** A link to an area. */
interface Way {
  readonly path: string;
  readonly name: Name;
}

export interface Area {
  /** Its place among the areas in menus; smaller numbers come first. */
  readonly order: number;
  /** The first parts of its addresses: `shop` is /shop and everything below it. */
  readonly owns: readonly string[];
  /** Shows what is at these addresses. Lazy, so that a visitor loads its code only when going there. */
  readonly Pages: ComponentType<AreaProps>;
  /** Its entry in the band. The first area that has one is also shown at `/`. */
  readonly navigation?: Way & { readonly adminsOnly?: boolean };
  /** Its entries in the panel of a logged-in account. */
  readonly account?: readonly (Way & { readonly demoOnly?: boolean })[];
  readonly admin?: AdminPages;
  /** A sentence for each reason for which the module refuses. */
  readonly refusals?: AnyRefusals;
  /** In the band, while one of the area's pages is shown. */
  readonly BandTools?: ComponentType;
  /** At the foot of every page; `here` on the area's own. */
  readonly Foot?: ComponentType<{ here: boolean }>;
  /** Called once, when the app starts. */
  readonly start?: () => void;
}

export interface AreaProps {
  /** Of the address: `/shop/cart` has shop and cart. */
  readonly parts: readonly string[];
}

/** Pages for admins, shown below /admin beside those of the other areas. */
export interface AdminPages {
  /** By the part of the address after /admin, in the order of the menu. */
  readonly names: Readonly<Record<string, Name>>;
  readonly Page: ComponentType<AdminPageProps>;
}

export interface AdminPageProps {
  readonly page: string;
  /** The part of the address after the page. */
  readonly id: string | undefined;
}
