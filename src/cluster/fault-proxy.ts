/** A TCP proxy on loopback that fails as networks do: cut, black hole, delay. For drills, and for tests on real servers. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface FaultProxyOptions {
  readonly targetPort: number;
  /** Any free port by default. */
  readonly port?: number;
}

export interface FaultProxy {
  readonly host: string;
  readonly port: number;
  /** The number of open connections. */
  connections(): number;
  /** Sends new connections to another port. */
  aim(targetPort: number): void;
  /** Resets all open and new connections, until `resume`. */
  cut(): void;
  /** Connections stay open and new ones are accepted, but no data and no end passes until `resume`. */
  blackHole(): void;
  /** Delays every piece in each direction; pieces keep their order. */
  delay(ms: number): void;
  /** Passes everything again, blocked data first. */
  resume(): void;
  stop(): Promise<void>;
}

const host = '127.0.0.1';
/** A client that opens more is out of control. */
const maxConnections = 1_000;

export async function faultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  let { targetPort } = options;
  let refusing = false;
  let delayMs = 0;
  let gate = Promise.resolve();
  let openGate = () => {};
  let connections = 0;

  function track(socket: Socket): void {
    sockets.add(socket);
    // Faults are intended: `carry` passes them to the other end.
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  }

  /** Carries one direction, piece by piece; a slow reader blocks only its writer. */
  async function carry(from: Socket, to: Socket): Promise<void> {
    try {
      // The iterator would destroy the socket at the end of one direction; the other may still carry data.
      for await (const piece of from.iterator({ destroyOnReturn: false })) {
        if (delayMs > 0) await wait(delayMs, undefined, { ref: false });
        await gate;
        if (to.destroyed) break;
        if (!to.write(piece)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
      }
      await gate;
      to.end();
    } catch {
      await gate;
      to.destroy();
    }
  }

  const server = createServer({ allowHalfOpen: true }, (client) => {
    track(client);
    if (refusing) return void client.resetAndDestroy();
    connections += 1;
    const target = connect({ host, port: targetPort, allowHalfOpen: true });
    track(target);
    client.on('close', () => {
      connections -= 1;
      void gate.then(() => target.destroy());
    });
    target.on('close', () => void gate.then(() => client.destroy()));
    void carry(client, target);
    void carry(target, client);
  });
  server.maxConnections = maxConnections;
  server.listen(options.port ?? 0, host);
  await once(server, 'listening');

  function resume(): void {
    refusing = false;
    delayMs = 0;
    openGate();
    gate = Promise.resolve();
    openGate = () => {};
  }

  return {
    host,
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    aim(port) {
      targetPort = port;
    },
    cut() {
      refusing = true;
      resetAll(sockets);
    },
    blackHole() {
      const closed = Promise.withResolvers<void>();
      const openEarlier = openGate;
      gate = closed.promise;
      openGate = () => {
        openEarlier();
        closed.resolve();
      };
    },
    delay(ms) {
      delayMs = ms;
    },
    resume,
    async stop() {
      resume();
      resetAll(sockets);
      server.close();
      await once(server, 'close');
    },
  };
}

function resetAll(sockets: ReadonlySet<Socket>): void {
  for (const socket of sockets) {
    // A socket that is being ended cannot be reset: its handle would stay open.
    if (socket.writableEnded) socket.destroy();
    else socket.resetAndDestroy();
  }
}
