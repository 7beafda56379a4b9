/** An engine is handed out when it answers; one that does not is closed, so that nothing of it stays behind. */

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
