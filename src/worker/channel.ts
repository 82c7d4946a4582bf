import { FootfallError, toFootfallError, type ErrorCode } from "../core/errors";
import type { Job, Report, ResultOf } from "../core/jobs";

type JobId = number;
/** An error as it crosses: its class is lost on the way, its code must not be. */
interface WireError {
  code: ErrorCode;
  message: string;
}
export type ToWorker = { type: "start"; id: JobId; job: Job } | { type: "cancel"; id: JobId };
export type ToPage =
  | { type: "report"; id: JobId; report: Report }
  /** Stop was heard; what the job clears up or keeps may take a while. */
  | { type: "stopping"; id: JobId }
  | { type: "done"; id: JobId; result: unknown }
  | { type: "failed"; id: JobId; error: WireError };

/** Runs one job; leaving the loop early stops it. The worker's end and the command line share this type. */
export type RunJob = <J extends Job>(
  job: J,
  signal: AbortSignal,
) => AsyncGenerator<Report, ResultOf<J>, void>;

/** What both a Worker and a MessagePort offer; the seam where tests put a fake. */
export interface Port {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
}

/** A report at most this often: a fast loop must not flood the page. */
const REPORT_INTERVAL_MS = 50;

/**
 * The worker's end: takes jobs from `port` and runs them one at a time, in order, so that two models are
 * never alive at once. A cancelled job cleans up (its generator's `finally`) before the next begins.
 */
export function serveJobs(port: Port, run: RunJob): void {
  const controllers = new Map<JobId, AbortController>();
  let last: Promise<void> = Promise.resolve();
  const send = (message: ToPage): void => port.postMessage(message);
  port.addEventListener("message", ({ data }) => {
    const message = data as ToWorker;
    if (message.type === "cancel") {
      const stopped = controllers.get(message.id);
      if (stopped === undefined) return;
      stopped.abort();
      return send({ type: "stopping", id: message.id });
    }
    const controller = new AbortController();
    controllers.set(message.id, controller);
    last = last
      .then(() => serveOne(message.id, message.job, controller.signal, run, send))
      .finally(() => controllers.delete(message.id));
  });
}

async function serveOne(
  id: JobId,
  job: Job,
  signal: AbortSignal,
  run: RunJob,
  send: (message: ToPage) => void,
): Promise<void> {
  try {
    if (signal.aborted) throw new FootfallError("stopped", "stopped before it began");
    const reports = run(job, signal);
    let sentAt = -Infinity;
    for (;;) {
      const next = await reports.next();
      if (next.done) return send({ type: "done", id, result: next.value });
      const now = performance.now();
      if (now - sentAt < REPORT_INTERVAL_MS && next.value.partial === undefined) continue;
      sentAt = now;
      send({ type: "report", id, report: next.value });
    }
  } catch (thrown) {
    const { code, message } = toFootfallError(thrown, "worker-failed");
    send({ type: "failed", id, error: { code, message } });
  }
}

/**
 * Ends at a time of `performance.now()`. Reports that pile up while the page is busy must not reach it one right
 * after the other: React takes fifty changes in a row, without a turn for anything else, for a loop without end.
 */
const untilTime = async (time: number): Promise<void> => {
  const waitMs = time - performance.now();
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
};

/** The page's handle on a worker: started when first needed, ended when it does not answer. */
export interface WorkerHandle extends Port {
  addEventListener(
    type: "message" | "error" | "messageerror",
    listener: (event: { data: unknown; message?: string }) => void,
  ): void;
  terminate(): void;
}

/** A job's caller waits no longer for its end than this; a worker that has not heard Stop by then is ended. */
const STOP_PATIENCE_MS = 900;
/** One that has heard it may keep what was reached and clear up for so long, while the next job waits. */
const CLEAR_UP_MS = 10_000;

const STOPPED: WireError = { code: "stopped", message: "stopped before the end" };

/** A job whose end has not come. */
interface OpenJob {
  readonly job: Job;
  receive(message: ToPage): void;
  /** Its caller waits no more; the jobs behind it do. */
  isLeft: boolean;
}

/**
 * The page's end. Jobs carry all they need, so a worker that died or was ended is simply started anew;
 * what it had cached is computed again.
 */
export function connectJobs(startWorker: () => WorkerHandle): { run: RunJob; dispose(): void } {
  const open = new Map<JobId, OpenJob>();
  let worker: WorkerHandle | undefined;
  let lastId = 0;

  const failAll = (code: ErrorCode, message: string): void => {
    worker?.terminate();
    worker = undefined;
    for (const [id, job] of open) job.receive({ type: "failed", id, error: { code, message } });
  };
  const connect = (): WorkerHandle => {
    const started = startWorker();
    const mine =
      (handle: (event: { data: unknown; message?: string }) => void) =>
      (event: { data: unknown; message?: string }) => {
        if (worker === started) handle(event);
      };
    started.addEventListener(
      "message",
      mine(({ data }) => open.get((data as ToPage).id)?.receive(data as ToPage)),
    );
    started.addEventListener(
      "error",
      mine(({ message }) =>
        failAll("worker-failed", `the worker failed: ${message ?? "no reason given"}`),
      ),
    );
    started.addEventListener(
      "messageerror",
      mine(() => failAll("worker-failed", "a message to or from the worker could not be read")),
    );
    return started;
  };

  /** Ends a worker that is deaf to Stop; the jobs that waited behind it begin again in a new one. */
  const endDeaf = (stopped: JobId): void => {
    worker?.terminate();
    worker = connect();
    for (const [id, { job, receive, isLeft }] of open) {
      if (id === stopped || isLeft) receive({ type: "failed", id, error: STOPPED });
      else worker.postMessage({ type: "start", id, job } satisfies ToWorker);
    }
  };

  async function* run<J extends Job>(job: J, signal: AbortSignal): ReturnType<RunJob> {
    if (signal.aborted) throw new FootfallError("stopped", "stopped before it began");
    const id = ++lastId;
    worker ??= connect();
    const inbox: Exclude<ToPage, { type: "stopping" }>[] = [];
    let wake = (): void => undefined;
    let shownAt = -Infinity;
    let patience: ReturnType<typeof setTimeout> | undefined;
    let isStopping = false;
    const tell = (message: (typeof inbox)[number]): void => (inbox.push(message), wake());
    const receive = (message: ToPage): void => {
      if (message.type === "stopping") return void (isStopping = true);
      if (message.type !== "report") {
        clearTimeout(patience);
        open.delete(id);
      }
      tell(message);
    };
    const losePatience = (): void => {
      if (!isStopping) return endDeaf(id);
      patience = setTimeout(() => endDeaf(id), CLEAR_UP_MS);
      tell({ type: "failed", id, error: STOPPED });
    };
    const mine: OpenJob = { job, receive, isLeft: false };
    open.set(id, mine);
    const cancel = (): void => {
      worker?.postMessage({ type: "cancel", id } satisfies ToWorker);
      patience ??= setTimeout(losePatience, STOP_PATIENCE_MS);
    };
    signal.addEventListener("abort", cancel, { once: true });
    try {
      worker.postMessage({ type: "start", id, job } satisfies ToWorker);
      for (;;) {
        if (inbox.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        const message = inbox.shift();
        if (message === undefined) continue;
        if (message.type === "report") {
          await untilTime(shownAt + REPORT_INTERVAL_MS);
          if (inbox[0]?.type === "report") continue; // it says more
          shownAt = performance.now();
          yield message.report;
          continue;
        }
        if (message.type === "done") return message.result as ResultOf<J>;
        throw new FootfallError(message.error.code, message.error.message);
      }
    } finally {
      signal.removeEventListener("abort", cancel);
      mine.isLeft = true;
      if (open.has(id)) cancel(); // the next job is sent before this one ends, if it does
    }
  }
  return { run: run as RunJob, dispose: () => failAll("stopped", "the page let the worker go") };
}
