/** Returns an engine once it is ready; closes it when it does not get ready. */
export async function readyOrClosed<Engine extends { close(): Promise<void> }>(
  engine: Engine,
  ready: (engine: Engine) => Promise<unknown>,
): Promise<Engine> {
  try {
    await ready(engine);
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}
