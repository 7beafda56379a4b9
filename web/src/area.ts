/** An area of the browser app, as plain data: what a module adds to it. areas.ts lists all areas. */
import type { ComponentType } from 'react';
import type { Language } from './language/formats.ts';
import type { AnyRefusals } from './refusals/refusal-table.ts';

/** A name in every language. */
export type Name = Readonly<Record<Language, string>>;

export interface NamedLink {
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
  /** Whether it is also shown at `/`. One area is. */
  readonly front?: true;
  /** Its link in the band. */
  readonly navigation?: NamedLink & { readonly adminsOnly?: boolean };
  /** Its links in the account panel. */
  readonly account?: readonly (NamedLink & { readonly demoOnly?: boolean })[];
  readonly admin?: AdminPages;
  readonly adminOverview?: AdminOverview;
  /** The module's refusals, in words. */
  readonly refusals?: AnyRefusals;
  /** Its tile on the overview: what moves in this market right now, and one action. */
  readonly Tile?: ComponentType;
  readonly books?: BookNames;
  readonly houseTexts?: HouseTexts;
  /** Shown in the band on the area's own pages. */
  readonly BandTools?: ComponentType;
  /** Shown at the foot of every page. */
  readonly Foot?: ComponentType;
  /** Called once, when the app starts. */
  readonly start?: () => void;
}

/** What its roles say of themselves, and its laws of what they checked: in German by the English text, in which a number is `…`. */
export type HouseTexts = Readonly<Record<string, string>>;

/** What an area is called in the books; book-names.ts looks it up. */
export interface BookNames {
  /** Its accounts in the ledger, by their ids, such as `revenue:shop`. */
  readonly accounts?: Readonly<Record<string, Name>>;
  /** What its memos say beside an id, which is `…` here; empty where the kind of the entry says it already. */
  readonly memos?: Readonly<Record<string, Name>>;
  /** The pages of what memos name, by the first letters of the id. */
  readonly pages?: Readonly<Record<string, string>>;
  /** Where people earn coins. */
  readonly earning?: NamedLink;
  /** Its instruments on the tape, such as SHOP.TEA, by what follows the dot. */
  readonly instruments?: {
    readonly prefix: string;
    readonly market: Name;
    readonly path: string;
    readonly kinds?: Readonly<Record<string, NamedLink>>;
  };
}

export interface AreaProps {
  /** The parts of the path: `/shop/cart` has shop and cart. */
  readonly parts: readonly string[];
  /** All areas, for the page that shows something of each. */
  readonly areas: readonly Area[];
}

/** Admin pages of an area, shown below /admin. */
interface AdminPages {
  /** Names of the pages by the part of the path after /admin, in the order of the menu. */
  readonly names: Readonly<Record<string, Name>>;
  readonly Page: ComponentType<AdminPageProps>;
}

/** What an area brings to the admin's overview at /admin. */
export interface AdminOverview {
  /** Its figures, as one sheet or several. */
  readonly Figures: ComponentType;
  /** What the search of the overview finds in it, as one sheet or several. */
  readonly Found?: ComponentType<{ search: string }>;
}

export interface AdminPageProps {
  readonly page: string;
  /** The part of the path after the page. */
  readonly id: string | undefined;
}
