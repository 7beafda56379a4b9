/** Ports of which one call fails, for tests that break off at every step. */
import type { LandingPorts } from '../roles/recorder/landing.ts';

export interface FaultyPorts extends LandingPorts {
  /** So many calls that have an effect. */
  calls(): number;
}

/** Fails call number `failing` of those that have an effect, after the effect: that is also before the next one. */
export function faultyPorts(ports: LandingPorts, failing: number): FaultyPorts {
  let calls = 0;
  async function step<Result>(work: () => Promise<Result>): Promise<Result> {
    calls += 1;
    const fails = calls === failing;
    const result = await work();
    if (fails) throw new Error('killed after');
    return result;
  }
  return {
    clock: ports.clock,
    state: { ...ports.state, read: (work) => ports.state.read(work), write: (work) => step(() => ports.state.write(work)) },
    lake: {
      create: (path, bytes) => step(() => ports.lake.create(path, bytes)),
      remove: (path) => step(() => ports.lake.remove(path)),
      read: (path) => ports.lake.read(path),
      list: (folder, page) => ports.lake.list(folder, page),
      local: (path) => ports.lake.local(path),
      ping: () => ports.lake.ping(),
      close: () => ports.lake.close(),
    },
    warehouse: {
      rows: (question) => ports.warehouse.rows(question),
      parquet: (question) => step(() => ports.warehouse.parquet(question)),
      close: () => ports.warehouse.close(),
    },
    calls: () => calls,
  };
}

/** Works again after each failure, as a process does that is started again; `between` looks at what the failure left. */
export async function untilDone(work: () => Promise<unknown>, between: () => Promise<void> = async () => {}): Promise<void> {
  for (let failures = 0; ; failures += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (failures > 0 || !/^killed/.test(String((error as Error).message))) throw error;
      await between();
    }
  }
}
