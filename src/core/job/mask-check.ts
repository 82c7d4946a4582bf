import { checkMask, type MaskCheck } from "../train/gpt/mask-check";
import type { Report, Session } from "./session";

/** Shows what the causal mask is for, on made-up people (SD-13). */
export interface MaskCheckJob {
  kind: "mask-check";
  seed: number;
}

export type MaskCheckResult = MaskCheck & { readonly engine: string };

/** Trains a small model twice, with the mask and without, in some seconds each. Throws "stopped". */
export async function* runMaskCheck(
  { seed }: MaskCheckJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, MaskCheckResult, void> {
  const engine = await session.engine();
  const check = yield* checkMask(seed, signal);
  return { ...check, engine: `${engine.kind}: ${engine.description}` };
}
