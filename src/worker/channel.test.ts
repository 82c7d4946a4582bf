import { afterEach, expect, test, vi } from "vitest";
import { FootfallError, throwIfStopped } from "../core/errors";
import type { Job, Report } from "../core/jobs";
import { connectJobs, serveJobs, type RunJob, type WorkerHandle } from "./channel";

const JOB: Job = { kind: "capabilities" };
const REPORT: Report = { phase: "count", done: 0, total: 9, unit: "steps" };

/** A worker in this thread: two ports that hand structured clones to each other. */
function fakeWorker(run: RunJob): WorkerHandle {
  const { port1, port2 } = new MessageChannel();
  port1.start();
  port2.start();
  const toPort = (port: MessagePort): Omit<WorkerHandle, "terminate"> => ({
    postMessage: (message) => port.postMessage(message),
    addEventListener: (type, listener) =>
      port.addEventListener(type, (event) => listener(event as MessageEvent)),
  });
  serveJobs(toPort(port2), run);
  return { ...toPort(port1), terminate: () => port1.close() };
}

const asRunJob = (body: (signal: AbortSignal) => AsyncGenerator<Report, unknown, void>): RunJob =>
  ((_job: Job, signal: AbortSignal) => body(signal)) as RunJob;

const macrotask = (ms = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function drain(run: RunJob, signal = new AbortController().signal): Promise<unknown> {
  const reports = run(JOB, signal);
  for (;;) {
    const next = await reports.next();
    if (next.done) return next.value;
  }
}

test("a result crosses with its typed arrays", async () => {
  const { run } = connectJobs(() =>
    fakeWorker(
      asRunJob(async function* () {
        yield REPORT;
        return { values: new Float32Array([1, 2]) };
      }),
    ),
  );
  expect(await drain(run)).toEqual({ values: new Float32Array([1, 2]) });
});

test("an error keeps its code and its sentence", async () => {
  const { run } = connectJobs(() =>
    fakeWorker(
      asRunJob(async function* () {
        yield REPORT;
        throw new FootfallError("weights-mismatch", "V is 5 here and 7 there");
      }),
    ),
  );
  await expect(drain(run)).rejects.toMatchObject({
    code: "weights-mismatch",
    message: "V is 5 here and 7 there",
  });
});

test("jobs run one at a time, and a stopped one cleans up before the next begins", async () => {
  const events: string[] = [];
  let count = 0;
  const { run } = connectJobs(() =>
    fakeWorker(
      asRunJob(async function* (signal) {
        const name = `job ${++count}`;
        events.push(`${name} begins`);
        try {
          for (let i = 0; i < (name === "job 1" ? 1000 : 1); i++) {
            yield { ...REPORT, partial: i };
            await macrotask();
            throwIfStopped(signal);
          }
          return name;
        } finally {
          await macrotask(20);
          events.push(`${name} ends`);
        }
      }),
    ),
  );
  const stop = new AbortController();
  const first = drain(run, stop.signal);
  const second = drain(run);
  await macrotask(30);
  stop.abort();
  await expect(first).rejects.toMatchObject({ code: "stopped" });
  expect(await second).toBe("job 2");
  expect(events).toEqual(["job 1 begins", "job 1 ends", "job 2 begins", "job 2 ends"]);
});

/** A worker that is lost in its work: it reports once and hears nothing any more. */
function deafWorker(): WorkerHandle {
  let tell: ((event: { data: unknown }) => void) | undefined;
  return {
    postMessage(message) {
      const { type, id } = message as { type: string; id: number };
      if (type === "start")
        realTimeout(() => tell?.({ data: { type: "report", id, report: REPORT } }));
    },
    addEventListener: (type, listener) => void (type === "message" && (tell = listener)),
    terminate: () => undefined,
  };
}

const endlessWorker = (): WorkerHandle =>
  fakeWorker(
    asRunJob(async function* () {
      yield REPORT;
      return await new Promise(() => undefined);
    }),
  );

const promptWorker = (): WorkerHandle =>
  fakeWorker(
    asRunJob(async function* () {
      yield REPORT;
      return "done";
    }),
  );

const realTimeout = globalThis.setTimeout;
const turn = (): Promise<void> => new Promise((resolve) => realTimeout(resolve, 1));

/** Lets milliseconds of a stopped clock pass, and the messages come that are on their way meanwhile. */
async function pass(ms: number): Promise<void> {
  for (let n = 0; n < 10; n++) {
    await turn();
    await vi.advanceTimersByTimeAsync(ms / 10);
  }
}

const stopClock = () => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
afterEach(() => vi.useRealTimers());

/** Workers that never end a job, and how long after the second of Stop they are ended. */
const LOST = [
  { name: "a deaf worker", start: deafWorker, afterMs: 100 },
  { name: "a worker that hears Stop and goes on", start: endlessWorker, afterMs: 10_100 },
];

test.each(LOST)("$name is ended, and the job behind it begins in a new one", async (lost) => {
  let started = 0;
  const { run } = connectJobs(() => (++started === 1 ? lost.start() : promptWorker()));
  const stop = new AbortController();
  const ended = expect(drain(run, stop.signal)).rejects.toMatchObject({ code: "stopped" });
  const behind = drain(run);
  await macrotask(20);
  stopClock();
  stop.abort();
  await pass(1000);
  await ended;
  await pass(lost.afterMs);
  vi.useRealTimers();
  expect(await behind).toBe("done");
  expect(started).toBe(2);
});

test.each(LOST)("$name holds nobody up where its caller left at a last report", async (lost) => {
  let started = 0;
  const { run } = connectJobs(() => (++started === 1 ? lost.start() : promptWorker()));
  const stop = new AbortController();
  const left = run(JOB, stop.signal);
  const report = left.next();
  stopClock();
  stop.abort();
  await pass(0);
  await report; // it was on its way
  await left.return(undefined as never);
  const behind = drain(run);
  await pass(1000);
  await pass(lost.afterMs);
  vi.useRealTimers();
  expect(await behind).toBe("done");
  expect(started).toBe(2);
});

test("what a stopped job keeps may take seconds: its caller is free within one, and the next job waits", async () => {
  const events: string[] = [];
  const worker = fakeWorker(
    asRunJob(async function* (signal) {
      const isFirst = events.push("begins") === 1;
      yield REPORT;
      if (!isFirst) return "done";
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      await macrotask(3000);
      events.push("kept");
      throwIfStopped(signal);
      return "not stopped";
    }),
  );
  const { run } = connectJobs(() => ({ ...worker, terminate: () => events.push("ended") }));
  const stop = new AbortController();
  const first = drain(run, stop.signal);
  await macrotask(20);
  stopClock();
  const stopped = expect(first).rejects.toMatchObject({ code: "stopped" });
  stop.abort();
  await pass(1000);
  await stopped;
  const behind = drain(run);
  expect(events).toEqual(["begins"]);
  await pass(2000);
  await pass(10_000);
  vi.useRealTimers();
  expect(await behind).toBe("done");
  expect(events).toEqual(["begins", "kept", "begins"]);
});

test("a worker that dies fails every open job with a code", async () => {
  let die: ((event: { data: unknown; message?: string }) => void) | undefined;
  const { run } = connectJobs(() => ({
    postMessage: () => undefined,
    terminate: () => undefined,
    addEventListener: (type, listener) => {
      if (type === "error") die = listener;
    },
  }));
  const first = drain(run);
  const second = drain(run);
  await macrotask();
  die?.({ data: undefined, message: "out of memory" });
  await expect(first).rejects.toMatchObject({ code: "worker-failed" });
  await expect(second).rejects.toThrow("out of memory");
});

test("of reports that pile up while the page is busy it gets the newest, never many in a row", async () => {
  const { run } = connectJobs(() =>
    fakeWorker(
      asRunJob(async function* () {
        for (let done = 1; done <= 80; done++) yield { ...REPORT, done, partial: done };
        await macrotask(120);
        throw new FootfallError("stopped", "stopped before the end");
      }),
    ),
  );
  const seen: number[] = [];
  const follow = async (): Promise<void> => {
    const reports = run(JOB, new AbortController().signal);
    for (let next = await reports.next(); !next.done; next = await reports.next()) {
      seen.push(next.value.done);
    }
  };
  await expect(follow()).rejects.toMatchObject({ code: "stopped" });
  expect(seen.length).toBeLessThan(5);
  expect(seen.at(-1)).toBe(80); // what a stopped job had reached is not lost
});
