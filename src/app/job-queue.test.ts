import { expect, test } from "vitest";
import { FootfallError } from "../core/errors";
import type { Job } from "../core/jobs";
import type { RunJob } from "../worker/channel";
import { queueJobs } from "./job-queue";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A runner that notes what it begins and ends; each job takes some milliseconds. */
function createRunner(): { run: RunJob; events: string[] } {
  const events: string[] = [];
  const run = async function* (job: Job, signal: AbortSignal) {
    if (signal.aborted) throw new FootfallError("stopped", "stopped before it began");
    events.push(`${job.kind} begins`);
    try {
      yield { phase: "work", done: 0, total: 1, unit: "parts" };
      await pause(10);
    } finally {
      events.push(`${job.kind} ends`);
    }
    return job.kind;
  };
  return { run: run as unknown as RunJob, events };
}

async function drain(run: RunJob, kind: Job["kind"], signal: AbortSignal): Promise<unknown> {
  const reports = run({ kind } as Job, signal);
  for (;;) {
    const next = await reports.next();
    if (next.done) return next.value;
  }
}

const never = new AbortController().signal;

test("one at a time, and what the reader waits for goes first", async () => {
  const { run, events } = createRunner();
  const queued = queueJobs(run);
  const kinds = ["inference", "score", "masked"] as const;
  await Promise.all(kinds.map((kind) => drain(queued, kind, never)));
  const order = kinds.toReversed().flatMap((kind) => [`${kind} begins`, `${kind} ends`]);
  expect(events).toEqual(order);
});

test("a job that is stopped while it waits leaves the line, and the others go on", async () => {
  const { run, events } = createRunner();
  const queued = queueJobs(run);
  const stop = new AbortController();
  const first = drain(queued, "dataset", never);
  await pause(8);
  const stopped = drain(queued, "masked", stop.signal);
  const last = drain(queued, "score", never);
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ code: "stopped" });
  expect(await first).toBe("dataset");
  expect(await last).toBe("score");
  expect(events).not.toContain("masked begins");
});

test("a job that its caller leaves makes room for the next", async () => {
  const { run } = createRunner();
  const queued = queueJobs(run);
  const left = queued({ kind: "score" } as unknown as Job, never);
  await left.next();
  await left.return(undefined as never);
  expect(await drain(queued, "masked", never)).toBe("masked");
});
