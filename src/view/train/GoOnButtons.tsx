import type { JSX } from "react";
import type { ErrorCode } from "../../core/errors";
import { halfBatch, type Passes } from "../../notebook/pretrain-settings";
import type { PretrainSpec } from "../../notebook/steps/pretrain";
import type { KeptRun } from "../page-context";
import { Button } from "../ui/Button";
import { formatCount } from "../words";

/** With what a run goes on that it did not have before. */
export type GoingOn = Pick<PretrainSpec, "rateFactor" | "batch">;

interface GoOnButtonsProps {
  /** Why the last run ended; undefined where it did not fail. */
  failure: ErrorCode | undefined;
  /** Of the form. */
  config: Passes;
  /** The run that is shown, as far as it is kept. */
  kept: KeptRun | undefined;
  /** Of the learning rate, as the run had it. */
  rateFactor: number;
  onGoOn: (run: KeptRun, change?: GoingOn) => void;
  onBegin: (changes: Partial<Passes>) => void;
}

/** Passes that take half the memory, in words: "16 trajectories a pass". */
const passText = (half: number): string => `${formatCount(half)} trajectories a pass`;

/** Ways on from a run that was stopped or failed: as it was, at half the rate, or in half as large passes. */
export function GoOnButtons(props: GoOnButtonsProps): JSX.Element | null {
  const { failure, config, kept, rateFactor, onGoOn, onBegin } = props;
  const isFull = failure === "out-of-memory";
  if (kept === undefined || kept.isFinished) {
    const half = halfBatch(config);
    if (!isFull || half === undefined) return null;
    const accumulation = (config.batch * config.accumulation) / half;
    return (
      <Button kind="primary" onClick={() => onBegin({ batch: half, accumulation })}>
        Begin with {passText(half)}
      </Button>
    );
  }
  const half = halfBatch(kept.config);
  return (
    <>
      <Button kind="primary" onClick={() => onGoOn(kept)}>
        Resume at step {formatCount(kept.step)}
      </Button>
      {failure === "not-finite" && (
        <Button onClick={() => onGoOn(kept, { rateFactor: rateFactor / 2 })}>
          Resume at half the learning rate
        </Button>
      )}
      {isFull && half !== undefined && (
        <Button onClick={() => onGoOn(kept, { batch: half })}>Resume with {passText(half)}</Button>
      )}
    </>
  );
}
