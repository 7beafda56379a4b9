/** The browser as this app sees it: the only file that touches its clock, chance, timers, socket and storage. */

/** What the live connection needs of the world: in tests it is a simulated one. */
export interface Surroundings {
  now(): number;
  /** A number from 0 up to 1. */
  random(): number;
  /** Runs `work` once after so long; the answer calls it off. */
  after(delayMs: number, work: () => void): () => void;
  openSocket(listener: SocketListener): Socket;
}

export interface SocketListener {
  opened(): void;
  received(text: string): void;
  closed(): void;
}

export interface Socket {
  send(text: string): void;
  /** Lets go of the connection at once; `closed` is not called any more. */
  drop(): void;
}

export const browser: Surroundings = {
  now: () => Date.now(),
  random: () => Math.random(),
  after(delayMs, work) {
    const timer = window.setTimeout(work, delayMs);
    return () => window.clearTimeout(timer);
  },
  openSocket(listener) {
    const address = new URL('/live', window.location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address);
    const events = new AbortController();
    const options = { signal: events.signal };
    socket.addEventListener('open', () => listener.opened(), options);
    socket.addEventListener('close', () => listener.closed(), options);
    socket.addEventListener('message', (event) => listener.received(String(event.data)), options);
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      drop: () => {
        events.abort();
        socket.close();
      },
    };
  },
};

/** Runs `work` before the next picture; pictures stop while the tab is hidden, so this does too. */
export function onNextFrame(work: () => void): void {
  window.requestAnimationFrame(work);
}

export function onVisibilityChange(listener: (visible: boolean) => void): void {
  document.addEventListener('visibilitychange', () => listener(document.visibilityState === 'visible'));
}

export function onNetworkReturn(listener: () => void): void {
  window.addEventListener('online', listener);
}

/** Remembered choices. Storage may be forbidden or full: then a choice lasts as long as the page. */
export function readChoice(name: string): string | undefined {
  try {
    return localStorage.getItem(`kontor.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function writeChoice(name: string, value: string): void {
  try {
    localStorage.setItem(`kontor.${name}`, value);
  } catch {
    // Nothing to mend: the choice is in effect, it is only not remembered.
  }
}

export function forgetChoice(name: string): void {
  try {
    localStorage.removeItem(`kontor.${name}`);
  } catch {
    // What could not be remembered need not be forgotten.
  }
}

/** Names a request, so that sending it again does not do it again. */
export function newRequestKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether it is now in the clipboard: browsers have none for pages that did not come over TLS or from this machine. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
