import type { Engine } from "../gpu/engine";
import type { Report, Session } from "./session";

/** A device that is lost again and again is no device. */
const MOST_LOSSES = 3;

/** Does work to its end, and again where the graphics device was taken away under it; `onLoss` says with which one. */
export async function* overLosses<T>(
  session: Session,
  attempt: () => AsyncGenerator<Report, T, void>,
  onLoss: (engine: Engine) => Promise<void>,
): AsyncGenerator<Report, T, void> {
  for (let losses = 0; ; losses++) {
    const engine = await session.engine();
    try {
      return yield* attempt();
    } catch (error) {
      await new Promise((resolve) => setTimeout(resolve, 0)); // a read fails a moment before the loss is told
      const next = await session.engine();
      if (next === engine || losses === MOST_LOSSES) throw error;
      await onLoss(next);
    }
  }
}
