import type { OpenControls } from "../core/job/run-store";
import type { PretrainControls } from "../core/train/reports";

/** What the page says to a training run while it goes. */
export type TrainingChange = Partial<PretrainControls>;

const openChannel = (run: string): BroadcastChannel =>
  new BroadcastChannel(`footfall-training ${run}`);

/** Changes a run that is going, in whichever worker it goes. */
export function changeTraining(run: string, change: TrainingChange): void {
  const channel = openChannel(run);
  channel.postMessage(change);
  channel.close();
}

/** The worker's end: controls that follow what the page says, until they are closed. */
export function openControls(run: string): OpenControls {
  const controls: { isPaused?: boolean; rateFactor?: number } = {};
  const channel = openChannel(run);
  channel.addEventListener("message", ({ data }: MessageEvent<TrainingChange>) => {
    Object.assign(controls, data);
  });
  return { controls, close: () => channel.close() };
}
