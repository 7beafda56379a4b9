/** Access to the browser: the only file that uses its clock, random numbers, timers, sockets and storage. */

/** What the live connection needs from the browser. Tests simulate it. */
export interface Surroundings {
  now(): number;
  /** A number from 0 up to 1. */
  random(): number;
  /** Runs `work` once after the delay. The returned function cancels it. */
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
  /** Closes the connection without calling `closed`. */
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

/** Server-sent events of a name. The browser connects again by itself, from where it was. The returned function closes the connection. */
export function openEvents(path: string, name: string, received: (text: string) => void): () => void {
  const source = new EventSource(path);
  source.addEventListener(name, (event) => received(String(event.data)));
  return () => source.close();
}

/** Runs `work` before the next frame. A hidden tab has no frames. */
export function onNextFrame(work: () => void): void {
  window.requestAnimationFrame(work);
}

export function onVisibilityChange(listener: (visible: boolean) => void): void {
  document.addEventListener('visibilitychange', () => listener(document.visibilityState === 'visible'));
}

export function onNetworkReturn(listener: () => void): void {
  window.addEventListener('online', listener);
}

/** Reads a saved choice. Storage may be forbidden or full; then choices last as long as the page. */
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
    // The choice applies, but is not saved.
  }
}

export function forgetChoice(name: string): void {
  try {
    localStorage.removeItem(`kontor.${name}`);
  } catch {
    // Nothing was saved.
  }
}

/** A new idempotency key. */
export function newRequestKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Resolves to whether the text was copied: browsers allow this only for pages over TLS or from this machine. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
