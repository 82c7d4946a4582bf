import type { Job } from "../core/jobs";
import type { RunJob } from "../worker/channel";

/**
 * What the reader waits for goes first: a click on a check-in must not stand behind five scores. The worker
 * runs one job at a time anyway; what waits, waits here, where its place can still change.
 */
const ORDER: readonly Job["kind"][] = [
  "capabilities",
  "self-test",
  "inspect",
  "rules",
  "import",
  "layer",
  "dataset",
  "masked",
  "lookup",
  "vocabulary",
  "truth",
  "truth-file",
  "embeddings",
  "model",
  "stages",
  "score",
  "inference",
  "rarity",
  "resolutions",
  "trade-offs",
  "token-bench",
  "token-windows",
  "mask-check",
  "pretrain-probe",
  "pretrain",
  "sweep-probe",
  "sweep",
  "experiment-probe",
  "experiment",
];

interface Waiting {
  rank: number;
  begin: () => void;
}

/** Steps that become free together ask within one turn of the event loop; they are sorted before one begins. */
const GATHER_MS = 5;

/** The same jobs, one at a time, the ones that somebody waits for first; equals keep their order. */
export function queueJobs(run: RunJob): RunJob {
  const waiting: Waiting[] = [];
  let isBusy = false;

  const beginNext = (): void => {
    if (isBusy) return;
    const next = waiting.reduce<Waiting | undefined>(
      (best, one) => (best === undefined || one.rank < best.rank ? one : best),
      undefined,
    );
    if (next === undefined) return;
    waiting.splice(waiting.indexOf(next), 1);
    isBusy = true;
    next.begin();
  };

  /** Resolves when the job may begin; true. False where it was stopped while it waited. */
  const waitForTurn = (job: Job, signal: AbortSignal): Promise<boolean> =>
    new Promise((resolve) => {
      const one = { rank: ORDER.indexOf(job.kind), begin: () => resolve(true) };
      waiting.push(one);
      signal.addEventListener("abort", () => {
        const at = waiting.indexOf(one);
        if (at < 0) return;
        waiting.splice(at, 1);
        resolve(false);
      });
      setTimeout(beginNext, GATHER_MS);
    });

  async function* runInTurn(job: Job, signal: AbortSignal): AsyncGenerator<unknown, unknown, void> {
    const hasTurn = !signal.aborted && (await waitForTurn(job, signal));
    try {
      return yield* run(job, signal); // a stopped job says so itself
    } finally {
      if (hasTurn) {
        isBusy = false;
        setTimeout(beginNext, GATHER_MS);
      }
    }
  }
  return runInTurn as RunJob;
}
