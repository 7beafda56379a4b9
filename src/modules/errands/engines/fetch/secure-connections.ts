/** Connections over TLS. Where the host offers HTTP/2, the connection becomes a session of it. */
import type { RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { type ConnectionOptions, Connections, type Ready } from './connections.ts';
import type { Http2Sessions } from './http2-sessions.ts';
import { BecameSession, connectionKey, serverNameOf } from './target.ts';

export class SecureConnections extends Connections {
  readonly #sessions: Http2Sessions;
  readonly #ca: string | undefined;

  /** `ca` is trusted instead of the authorities that Node trusts. */
  constructor(sessions: Http2Sessions, ca: string | undefined) {
    super();
    this.#sessions = sessions;
    this.#ca = ca;
  }

  override createConnection(options: RequestOptions, ready: Ready): Duplex | undefined {
    const { target } = options as ConnectionOptions;
    const { ip, port, url, watch } = target;
    const socket = connect({
      host: ip,
      port,
      servername: serverNameOf(url),
      ALPNProtocols: ['h2', 'http/1.1'],
      minVersion: 'TLSv1.2',
      ...(this.#ca === undefined ? {} : { ca: this.#ca }),
    });
    this.tracked(socket).setNoDelay(true);
    const failed = (error: Error) => ready(error, socket);
    socket.once('error', failed);
    socket.once('close', () => failed(new Error('the connection was closed during the handshake')));
    // Nobody else holds the socket while it shakes hands.
    watch.onStop((why) => socket.destroy(why));
    socket.once('secureConnect', () => {
      socket.off('error', failed);
      if (socket.alpnProtocol !== 'h2') return ready(null, socket);
      this.#sessions.adopt(connectionKey(target), url.origin, socket);
      ready(new BecameSession('the host speaks HTTP/2'), socket);
    });
    return undefined;
  }
}
