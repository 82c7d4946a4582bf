import type { FootfallError } from "../errors";
import type { Engine } from "../gpu/engine";

/** The engine of a session: opened at the first call, and anew after the GPU was taken away. */
export interface SessionEngine {
  engine(): Promise<Engine>;
  /** The last loss of the GPU; a job under which it changes has failed because of it. */
  loss(): FootfallError | undefined;
}

/** A lost GPU takes all tensors along, so `kept` is emptied: the next job makes its models again. */
export function keepEngine(open: () => Promise<Engine>, kept: Map<string, unknown>): SessionEngine {
  let engine: Promise<Engine> | undefined;
  let loss: FootfallError | undefined;
  const openOnce = async (): Promise<Engine> => {
    const opened = await open();
    opened.onLost((error) => {
      loss = error;
      engine = undefined;
      kept.clear();
      opened.dispose();
    });
    return opened;
  };
  return { engine: () => (engine ??= openOnce()), loss: () => loss };
}

/** The same job; what breaks because the GPU was taken away under it fails with that loss. */
export async function* tellLoss<R, T>(
  work: AsyncGenerator<R, T, void>,
  loss: () => FootfallError | undefined,
): AsyncGenerator<R, T, void> {
  const before = loss();
  try {
    return yield* work;
  } catch (thrown) {
    await new Promise((resolve) => setTimeout(resolve, 0)); // a read fails a moment before the loss is told
    const now = loss();
    throw now === undefined || now === before ? thrown : now;
  }
}
