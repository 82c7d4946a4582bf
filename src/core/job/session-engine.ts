import type { FootfallError } from "../errors";
import type { Engine } from "../gpu/engine";

/** The engine of a session: opened at the first call, and anew after the GPU was taken away. */
export interface SessionEngine {
  engine(): Promise<Engine>;
  /** The last loss of the GPU; a job under which it changes has failed because of it. */
  loss(): FootfallError | undefined;
  /** What the GPU refused since the last look: what was computed since is worthless, and what is kept is made anew. */
  fault(): Promise<FootfallError | undefined>;
}

/** Disposes and forgets what was made on an engine that refused some of it. */
function drop(kept: Map<string, unknown>): void {
  for (const made of kept.values()) (made as { dispose?: () => void } | undefined)?.dispose?.();
  kept.clear();
}

/** A lost GPU takes all tensors along, so `kept` is emptied: the next job makes its models again. */
export function keepEngine(open: () => Promise<Engine>, kept: Map<string, unknown>): SessionEngine {
  let engine: Promise<Engine> | undefined;
  let current: Engine | undefined;
  let loss: FootfallError | undefined;
  const openOnce = async (): Promise<Engine> => {
    const opened = await open();
    opened.onLost((error) => {
      loss = error;
      engine = undefined;
      current = undefined;
      kept.clear();
      opened.dispose();
    });
    current = opened;
    return opened;
  };
  const openAgain = (): Promise<Engine> => {
    engine = openOnce();
    engine.catch(() => (engine = undefined)); // what failed may be there for the next job
    return engine;
  };
  const fault = async (): Promise<FootfallError | undefined> => {
    const asked = current;
    await asked?.settle(); // errors come on a way of their own, and before this does
    const found = asked?.takeFault();
    if (found !== undefined) drop(kept);
    return found;
  };
  return { engine: () => engine ?? openAgain(), loss: () => loss, fault };
}

/** The same job; one under which the GPU was taken away, or that it refused a piece of, fails with that. */
export async function* tellFaults<R, T>(
  work: AsyncGenerator<R, T, void>,
  { loss, fault }: Pick<SessionEngine, "loss" | "fault">,
): AsyncGenerator<R, T, void> {
  const before = loss();
  let result: T;
  try {
    result = yield* work;
  } catch (thrown) {
    await new Promise((resolve) => setTimeout(resolve, 0)); // a read fails a moment before the loss is told
    const now = loss();
    throw now === undefined || now === before ? thrown : now;
  }
  const refused = await fault();
  if (refused !== undefined) throw refused;
  return result;
}
