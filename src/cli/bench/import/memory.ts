import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright";

/** Bytes of memory while something ran, and the processor's work; undefined where this machine does not tell. */
export interface Memory {
  /** The worker's own heap and arrays before, and the most of them on the way. */
  workerBefore: number;
  workerPeak: number;
  /** Resident memory of the page's process before and at most: page, worker, and the browser's own code. */
  processBefore: number | undefined;
  processPeak: number | undefined;
  /** Seconds of processor time of that process, all its threads. */
  processorSeconds: number | undefined;
}

const LOOK_MS = 100;

/** Resident bytes of a process, on Linux. */
function residentBytes(pid: number): number {
  try {
    const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return Number(line?.[1] ?? 0) * 1024;
  } catch {
    return 0; // it has ended, or this is no Linux
  }
}

/** Seconds of processor time that a process has taken, on Linux, where a tick is 10 ms. */
function processorSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    const [user, system] = [Number(fields[11]), Number(fields[12])];
    return (user + system) / 100;
  } catch {
    return 0;
  }
}

/** Process ids of all renderers of a browser. */
async function rendererPids(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
}

interface HeapUsage {
  usedSize: number;
  embedderHeapUsedSize?: number;
  backingStorageSize?: number;
}

/** Asks the page's workers for the size of their heaps and arrays; nothing is collected for it. */
async function openWorkerHeaps(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  const sessions = new Set<string>();
  const answers = new Map<number, (usage: HeapUsage | undefined) => void>();
  let id = 0;
  session.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
    if (targetInfo.type === "worker") sessions.add(sessionId);
  });
  session.on("Target.detachedFromTarget", ({ sessionId }) => void sessions.delete(sessionId));
  session.on("Target.receivedMessageFromTarget", ({ message }) => {
    const answer = JSON.parse(message) as { id: number; result?: HeapUsage };
    answers.get(answer.id)?.(answer.result);
  });
  const options = { autoAttach: true, waitForDebuggerOnStart: false, flatten: false };
  await session.send("Target.setAutoAttach", options);
  const ask = async (sessionId: string): Promise<number> => {
    const message = JSON.stringify({ id: ++id, method: "Runtime.getHeapUsage" });
    const answer = new Promise<HeapUsage | undefined>((resolve) => answers.set(id, resolve));
    await session.send("Target.sendMessageToTarget", { sessionId, message }).catch(() => undefined);
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, 2000, undefined));
    const usage = await Promise.race([answer, late]);
    if (usage === undefined) return 0;
    return usage.usedSize + (usage.embedderHeapUsedSize ?? 0) + (usage.backingStorageSize ?? 0);
  };
  return async () => {
    const sizes = await Promise.all([...sessions].map(ask));
    return sizes.reduce((sum, size) => sum + size, 0);
  };
}

/** No process has no memory at all: this machine does not tell. */
const untold = ({ processPeak }: { processPeak: number }): Partial<Memory> =>
  processPeak === 0
    ? { processBefore: undefined, processPeak: undefined, processorSeconds: undefined }
    : {};

/** Follows the memory of a page. */
export interface MemoryWatch {
  /** Begins anew. */
  clear: () => Promise<void>;
  /** The most that the worker had since the last lap, and a new lap. */
  lap: () => number;
  read: () => Memory;
  stop: () => void;
}

/** Looks at the memory of a page every 100 ms until it is read. */
export async function watchMemory(browser: Browser, page: Page): Promise<MemoryWatch> {
  const workerHeaps = await openWorkerHeaps(page);
  const pids = await rendererPids(browser);
  const resident = (): number => Math.max(0, ...pids.map(residentBytes));
  const processed = (): number => Math.max(0, ...pids.map(processorSeconds));
  const seen = { workerBefore: 0, workerPeak: 0, processBefore: 0, processPeak: 0 };
  let processedBefore = 0;
  const over = new AbortController();
  let lapPeak = 0;
  const look = async (): Promise<void> => {
    while (!over.signal.aborted) {
      seen.processPeak = Math.max(seen.processPeak, resident());
      const worker = await workerHeaps();
      lapPeak = Math.max(lapPeak, worker);
      seen.workerPeak = Math.max(seen.workerPeak, worker);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };
  void look();
  return {
    async clear() {
      seen.processBefore = seen.processPeak = resident();
      processedBefore = processed();
      seen.workerBefore = seen.workerPeak = lapPeak = await workerHeaps();
    },
    lap() {
      const peak = lapPeak;
      lapPeak = 0;
      return peak;
    },
    read: () => ({ ...seen, processorSeconds: processed() - processedBefore, ...untold(seen) }),
    stop: () => over.abort(),
  };
}

/**
 * What the page itself says of its memory, workers included, after a collection; undefined where it is not
 * isolated. Never while times are taken: the collection is a long task.
 */
export const measureOwnMemory = (page: Page): Promise<number | undefined> =>
  page.evaluate(`crossOriginIsolated && performance.measureUserAgentSpecificMemory
    ? performance.measureUserAgentSpecificMemory().then(({ bytes }) => bytes)
    : undefined`);
