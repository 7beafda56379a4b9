/** Pictures of goods, drawn from the product alone: its department gives the shape, its id the colours. The same product, the same picture. */
import { escaped } from '#core/markup.ts';

interface Pictured {
  readonly id: string;
  readonly name: string;
  readonly category: string;
}

/** Background, dark, main and light colour. */
type Palette = readonly [string, string, string, string];

const palettes: readonly Palette[] = [
  ['#efe6d2', '#3b2f24', '#b5522b', '#e8b04a'],
  ['#dfe8e4', '#1f3a3d', '#2f7d73', '#f0c987'],
  ['#e6e2ef', '#2d2a4a', '#6a5acd', '#f2a65a'],
  ['#f3e3dc', '#4a1f24', '#a23b4a', '#f0d9a8'],
  ['#dde6ef', '#1d3148', '#3d6d9e', '#f1d08a'],
  ['#e9ecd8', '#33401f', '#738b32', '#f4c95d'],
  ['#f1ead9', '#433a2b', '#8a6d3b', '#d9a441'],
  ['#e2ebe9', '#20373f', '#4b8f8c', '#ee9f5b'],
];

type Shape = (palette: Palette, chance: Chance) => string;

/** Numbers that follow from the id: the same every time. */
class Chance {
  #state: number;

  constructor(text: string) {
    this.#state = 2_166_136_261;
    for (const character of text) this.#state = Math.imul(this.#state ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }
}

const shapes: Readonly<Record<string, Shape>> = {
  tea: ([, dark, main, light], chance) =>
    `<rect x="110" y="110" width="180" height="190" rx="10" fill="${main}"/><rect x="98" y="92" width="204" height="36" rx="8" fill="${dark}"/>
     <rect x="130" y="165" width="140" height="86" rx="6" fill="${light}"/>${leaf(200, 208, chance.between(-30, 30), dark)}`,
  coffee: ([, dark, main, light], chance) =>
    `<path d="M125 105 h150 l18 200 h-186 z" fill="${main}"/><path d="M125 105 q75 34 150 0 l-6 -20 h-138 z" fill="${dark}"/>
     ${dots(7, chance, (x, y, turn) => `<g transform="translate(${x} ${y}) rotate(${turn})"><ellipse rx="17" ry="11" fill="${dark}"/><path d="M-15 0 q15 7 30 0" stroke="${light}" stroke-width="3" fill="none"/></g>`)}`,
  spices: ([, dark, main, light], chance) =>
    `<path d="M90 250 q110 95 220 0 z" fill="${dark}"/><path d="M105 250 q95 -${chance.between(110, 160)} 190 0 z" fill="${main}"/>
     ${dots(9, chance, (x, y) => `<circle cx="${x}" cy="${y - 20}" r="${chance.between(3, 7)}" fill="${light}"/>`)}<rect x="80" y="244" width="240" height="16" rx="8" fill="${dark}"/>`,
  wine: ([, dark, main, light], chance) =>
    `<path d="M178 70 h44 v70 q42 26 42 70 v110 h-128 v-110 q0 -44 42 -70 z" fill="${main}"/><rect x="174" y="58" width="52" height="34" rx="5" fill="${dark}"/>
     <rect x="136" y="${chance.between(212, 226)}" width="128" height="70" fill="${light}"/><path d="M156 258 h88 M170 242 h60" stroke="${dark}" stroke-width="5"/>`,
  cloth: ([, dark, main, light], chance) =>
    `<rect x="80" y="190" width="240" height="86" rx="43" fill="${main}"/><circle cx="278" cy="233" r="43" fill="${dark}"/><circle cx="278" cy="233" r="22" fill="${light}"/>
     <path d="M100 ${chance.between(206, 212)} h170 M100 256 h170" stroke="${light}" stroke-width="6" stroke-dasharray="${chance.between(8, 20)} 10"/><rect x="96" y="118" width="208" height="62" rx="31" fill="${light}"/><circle cx="272" cy="149" r="30" fill="${main}"/>`,
  fish: ([, dark, main, light], chance) =>
    `<path d="M80 200 q100 -${chance.between(80, 110)} 200 0 q-100 ${chance.between(80, 110)} -200 0 z" fill="${main}"/><path d="M270 200 l60 -50 v100 z" fill="${dark}"/>
     <circle cx="125" cy="190" r="9" fill="${light}"/><path d="M165 165 q18 35 0 70 M200 158 q20 42 0 84 M235 166 q16 34 0 68" stroke="${light}" stroke-width="5" fill="none"/>`,
  pantry: ([, dark, main, light], chance) =>
    `<rect x="125" y="120" width="150" height="190" rx="22" fill="${light}"/><rect x="138" y="${chance.between(150, 190)}" width="124" height="120" rx="14" fill="${main}"/><rect x="118" y="92" width="164" height="40" rx="9" fill="${dark}"/>
     <rect x="150" y="210" width="100" height="46" rx="4" fill="#fffaf0"/><path d="M165 233 h70" stroke="${dark}" stroke-width="5"/>`,
  ship: ([, dark, main, light], chance) =>
    `<circle cx="200" cy="205" r="105" fill="${main}"/><circle cx="200" cy="205" r="82" fill="${light}"/><g transform="rotate(${chance.below(360)} 200 205)"><path d="M200 135 l18 70 l-18 70 l-18 -70 z" fill="${dark}"/><path d="M200 135 l18 70 h-36 z" fill="${main}"/></g>
     <circle cx="200" cy="205" r="8" fill="${light}"/>`,
  amber: ([, dark, main, light], chance) =>
    `<path d="M200 80 q-60 60 -${chance.between(70, 95)} 130 q0 95 ${chance.between(80, 95)} 105 q95 -5 90 -105 q-20 -70 -85 -130 z" fill="${light}"/><path d="M200 110 q-40 50 -60 105 q5 55 60 70" fill="none" stroke="#fff6dc" stroke-width="10" opacity="0.7"/>
     <path d="M190 210 l28 24 m-28 0 l28 -24" stroke="${dark}" stroke-width="6"/><circle cx="204" cy="222" r="7" fill="${main}"/>`,
  books: ([, dark, main, light], chance) =>
    `<rect x="95" y="250" width="210" height="46" rx="6" fill="${main}"/><rect x="110" y="202" width="190" height="44" rx="6" fill="${dark}"/><rect x="${chance.between(90, 105)}" y="156" width="200" height="42" rx="6" fill="${light}"/>
     <path d="M130 273 h60 M140 224 h80 M125 177 h50" stroke="#fffaf0" stroke-width="6"/><path d="M250 100 l40 14 l-14 38 l-40 -14 z" fill="${main}"/>`,
};

const crate: Shape = ([, dark, main, light]) =>
  `<rect x="100" y="120" width="200" height="180" fill="${main}"/><path d="M100 120 l200 180 M300 120 l-200 180" stroke="${dark}" stroke-width="12"/>
   <rect x="100" y="120" width="200" height="180" fill="none" stroke="${dark}" stroke-width="14"/><circle cx="200" cy="210" r="30" fill="${light}"/>`;

export function pictureOf({ id, name, category }: Pictured): string {
  const chance = new Chance(id);
  const palette = palettes[chance.below(palettes.length)] ?? palettes[0];
  if (palette === undefined) return '';
  const [background, dark] = palette;
  const shape = shapes[category] ?? crate;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img" aria-label="${escaped(name)}"><rect width="400" height="400" fill="${background}"/><circle cx="${chance.between(120, 280)}" cy="${chance.between(100, 200)}" r="${chance.between(120, 170)}" fill="#ffffff" opacity="0.45"/><ellipse cx="200" cy="322" rx="130" ry="14" fill="${dark}" opacity="0.18"/>${shape(palette, chance)}</svg>`;
}

function leaf(x: number, y: number, turn: number, colour: string): string {
  return `<g transform="translate(${x} ${y}) rotate(${turn})"><path d="M-44 0 q44 -44 88 0 q-44 44 -88 0 z" fill="${colour}"/><path d="M-40 0 h76" stroke="#fffaf0" stroke-width="4"/></g>`;
}

function dots(count: number, chance: Chance, draw: (x: number, y: number, turn: number) => string): string {
  return Array.from({ length: count }, () => draw(chance.between(145, 255), chance.between(170, 275), chance.below(180))).join('');
}
