import type { WorkerOptions } from "../worker/worker";
import { connectJobs, type RunJob } from "../worker/channel";
import { queueJobs } from "./job-queue";
import type { Switches } from "./switches";

/** The page's worker, started with the first job; it learns the address's wishes from its name. */
export function startJobs({ backend }: Pick<Switches, "backend">): RunJob {
  const options: WorkerOptions = { base: document.baseURI, ...(backend ? { backend } : {}) };
  const { run } = connectJobs(
    () =>
      new Worker(new URL("../worker/worker.ts", import.meta.url), {
        type: "module",
        name: JSON.stringify(options),
      }),
  );
  return queueJobs(run);
}
