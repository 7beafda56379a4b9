/** An area of the browser app, as plain data: what a module adds to it. areas.ts lists all areas. */
import type { ComponentType } from 'react';
import type { Language } from './language/formats.ts';
import type { AnyRefusals } from './refusals/refusal-table.ts';

/** A name in every language. */
export type Name = Readonly<Record<Language, string>>;

interface NamedLink {
  readonly path: string;
  readonly name: Name;
}

export interface Area {
  /** Position in menus: smaller numbers come first. */
  readonly order: number;
  /** The first parts of its paths: `shop` is /shop and everything below it. */
  readonly owns: readonly string[];
  /** Shows the pages at these paths. It is lazy, so that browsers load its code only when it is visited. */
  readonly Pages: ComponentType<AreaProps>;
  /** Its link in the band. The first area with such a link is also shown at `/`. */
  readonly navigation?: NamedLink & { readonly adminsOnly?: boolean };
  /** Its links in the account panel. */
  readonly account?: readonly (NamedLink & { readonly demoOnly?: boolean })[];
  readonly admin?: AdminPages;
  /** The module's refusals, in words. */
  readonly refusals?: AnyRefusals;
  /** Shown in the band on the area's own pages. */
  readonly BandTools?: ComponentType;
  /** Shown at the foot of every page; `here` is true on the area's own pages. */
  readonly Foot?: ComponentType<{ here: boolean }>;
  /** Called once, when the app starts. */
  readonly start?: () => void;
}

export interface AreaProps {
  /** The parts of the path: `/shop/cart` has shop and cart. */
  readonly parts: readonly string[];
}

/** Admin pages of an area, shown below /admin. */
export interface AdminPages {
  /** Names of the pages by the part of the path after /admin, in the order of the menu. */
  readonly names: Readonly<Record<string, Name>>;
  readonly Page: ComponentType<AdminPageProps>;
}

export interface AdminPageProps {
  readonly page: string;
  /** The part of the path after the page. */
  readonly id: string | undefined;
}
