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
  /** Its place among the areas, wherever they stand side by side. */
  readonly order: number;
  /** The first parts of its addresses: `shop` is /shop and everything below it. */
  readonly owns: readonly string[];
  /** What stands at these addresses; `parts` are those of the address. Lazy, so that its code is loaded when somebody goes there. */
  readonly Pages: ComponentType<AreaProps>;
  /** Its entry in the band. The first area with one also answers at the front door. */
  readonly navigation?: Way & { readonly adminsOnly?: boolean };
  /** Its entries in the panel of the account that is logged in. */
  readonly account?: readonly (Way & { readonly demoOnly?: boolean })[];
  readonly admin?: AdminPages;
  /** What the module refuses, in the reader's words. */
  readonly refusals?: AnyRefusals;
  /** Stands in the band while one of the area's pages is shown. */
  readonly BandTools?: ComponentType;
  /** Stands at the foot of every page; `here` on the area's own. */
  readonly Foot?: ComponentType<{ here: boolean }>;
  /** Called once, when the app starts. */
  readonly start?: () => void;
}

export interface AreaProps {
  readonly parts: readonly string[];
}

/** Pages for admins, which stand below /admin beside those of the other areas. */
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
