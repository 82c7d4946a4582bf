import type { Job, Report } from "../core/jobs";
import type { WorkerOptions } from "../worker/worker";
import { connectJobs, type RunJob } from "../worker/channel";
import { queueJobs } from "./job-queue";
import type { Switches } from "./switches";
import { noteStranger } from "./use-strangers";

/** The page's worker, started with the first job; it learns the address's wishes from its name. */
export function startJobs({ backend, threads }: Pick<Switches, "backend" | "threads">): RunJob {
  const options: WorkerOptions = {
    base: document.baseURI,
    ...(backend ? { backend } : {}),
    ...(threads ? { threads } : {}),
  };
  const { run } = connectJobs(() => {
    const worker = new Worker(new URL("../worker/worker.ts", import.meta.url), {
      type: "module",
      name: JSON.stringify(options),
    });
    worker.addEventListener("message", ({ data }: MessageEvent<{ stranger?: string }>) => {
      if (data.stranger !== undefined) noteStranger(data.stranger);
    });
    return worker;
  });
  return withImports(queueJobs(run));
}

/** The same jobs; what an import needs of the page comes with the first one. */
function withImports(run: RunJob): RunJob {
  async function* runWith(job: Job, signal: AbortSignal): AsyncGenerator<Report, unknown, void> {
    if (job.kind !== "import") return yield* run(job, signal);
    const { runImport } = await import("./import-run");
    return yield* runImport(run, job, signal);
  }
  return runWith as RunJob;
}
