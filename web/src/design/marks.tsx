/** Hand-drawn SVG: the gable (a stepped gable that is also a bar chart), the wordmark, and small icons. */

/** Five bars in the shape of a gable, above a line for the quay. */
export function Gable({ className }: { className?: string }) {
  return (
    <svg className={className} viewBox="0 0 40 36" aria-hidden="true" focusable="false">
      <path fill="currentColor" d="M2 19h6.4v12H2zM9.4 12h6.4v19H9.4zM16.8 4h6.4v27h-6.4zM24.2 12h6.4v19h-6.4zM31.6 19H38v12h-6.4z" />
      <path className="gable-quay" d="M0 33h40v2.4H0z" />
    </svg>
  );
}

export function Wordmark() {
  return (
    <span className="wordmark">
      <Gable className="wordmark-gable" />
      <span>Kontor</span>
    </span>
  );
}

const icons = {
  settings: 'M4 6h7M15 6h1M4 14h1M9 14h7M13 3.8v4.4M7 11.8v4.4',
  speed: 'M3.5 15a7 7 0 1 1 13 0M10 12.5 13.5 8',
  close: 'M5 5l10 10M15 5 5 15',
  back: 'M12 4 6 10l6 6',
  forward: 'M8 4l6 6-6 6',
  person: 'M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM4 16.5c.6-3 2.9-4.5 6-4.5s5.4 1.5 6 4.5',
  cart: 'M2.5 4H5l2 8.5h8L17 6.5H6M8 16.2v.1M14 16.2v.1',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  copy: 'M7.5 7.5h9v9h-9zM4 12.5v-9h9',
  find: 'M8.8 14.1a5.3 5.3 0 1 0 0-10.6 5.3 5.3 0 0 0 0 10.6ZM12.8 12.8l4 4',
  check: 'M4 10.5 8.2 15 16 5.5',
  alarm: 'M10 3.5v8M10 15.5v.5',
  down: 'M5 8l5 5 5-5',
  up: 'M5 12l5-5 5 5',
  swap: 'M4 7h11M12 4l3 3M16 13H5M8 10l-3 3',
  print: 'M6 8V3.5h8V8M6 13.5H3.5V8h13v5.5H14M6 11.5h8v5H6z',
  plug: 'M7 2.5v4M13 2.5v4M4.8 6.5h10.4v3.2a5.2 5.2 0 0 1-10.4 0zM10 15v3',
  show: 'M2.5 10C4.5 6.5 7 5 10 5s5.5 1.5 7.5 5c-2 3.5-4.5 5-7.5 5s-5.5-1.5-7.5-5ZM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  hide: 'M2.5 10C4.5 6.5 7 5 10 5s5.5 1.5 7.5 5c-2 3.5-4.5 5-7.5 5s-5.5-1.5-7.5-5ZM4 16.5l12-13',
  star: 'M10 3.2l2.1 4.5 4.9.5-3.7 3.3 1.1 4.9-4.4-2.6-4.4 2.6 1.1-4.9L3 8.2l4.9-.5z',
  widen: 'M3.5 8V3.5H8M12 3.5h4.5V8M16.5 12v4.5H12M8 16.5H3.5V12',
  calendar: 'M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3v3M13 3v3',
} as const;

export type IconName = keyof typeof icons;

/** Hidden from screen readers: use it beside a text, or inside an element that has a label. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path d={icons[name]} fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="square" />
    </svg>
  );
}
