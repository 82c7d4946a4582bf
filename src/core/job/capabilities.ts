import type { Capabilities } from "../gpu/engine";
import type { Report, Session } from "./session";

/** What this machine offers; opens the engine. */
export async function* runCapabilities(
  session: Session,
): AsyncGenerator<Report, Capabilities, void> {
  yield { phase: "look at this machine", done: 0, total: 1, unit: "checks" };
  return (await session.engine()).capabilities;
}
