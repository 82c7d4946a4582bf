import type { Page } from "playwright";

/** The longest waits of the page's own thread since the watch began, milliseconds; 0 where none was long. */
export interface Waits {
  /** The longest task over 50 ms that the browser itself reports, and how many there were. */
  longestTask: number;
  longTasks: number;
  /** The longest time in which a timer of 4 ms got no turn, less these 4 ms. */
  longestGap: number;
  /** What ran in the longest of the long frames, as the browser tells it. */
  culprit: string;
}

/**
 * Put into the page before its own code: counts long tasks, and asks for a turn every 4 ms, so that what
 * the browser does not call a task of the page is seen too. What began after the data step was done is told
 * apart: that is drawing. Text, for it runs in the page.
 */
const WATCH = `(() => {
  let [tasks, gaps, frames] = [[], [], []];
  let doneAt = Infinity;
  const observe = (type, list) => {
    if (!PerformanceObserver.supportedEntryTypes.includes(type)) return;
    new PerformanceObserver((found) => list().push(...found.getEntries())).observe({ type });
  };
  observe("longtask", () => tasks);
  observe("long-animation-frame", () => frames);
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    gaps.push({ startTime: last, duration: now - last - 4 });
    last = now;
  }, 4);
  new MutationObserver((changes) => {
    const isDone = changes.some(({ target: { dataset } }) => dataset.step === "data" && dataset.state === "done");
    if (isDone) doneAt = Math.min(doneAt, performance.now());
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-state"] });
  const words = ({ duration, scripts }) =>
    scripts.map((s) => Math.round(s.duration) + " ms " + s.invoker + " " + s.sourceFunctionName).join("; ") ||
    Math.round(duration) + " ms without a script";
  globalThis.footfallLap = (isAfter) => {
    const isWanted = ({ startTime }) => startTime >= doneAt === isAfter;
    const longest = (list) => list.filter(isWanted).reduce((a, b) => (b.duration > a.duration ? b : a), { duration: 0 });
    const frame = longest(frames);
    const lap = {
      longestTask: longest(tasks).duration,
      longTasks: tasks.filter(isWanted).length,
      longestGap: longest(gaps).duration,
      culprit: frame.scripts ? words(frame) : "",
    };
    const others = (list) => list.filter((entry) => !isWanted(entry));
    [tasks, gaps, frames] = [others(tasks), others(gaps), others(frames)];
    return lap;
  };
})()`;

/** Has every document of the page watched from its beginning. */
export const watchPage = (page: Page): Promise<unknown> => page.addInitScript({ content: WATCH });

/** The waits since the last lap that began before the data step was done, or after; a new lap begins. */
export const lapWaits = (page: Page, part: "before" | "after" = "before"): Promise<Waits> =>
  page.evaluate(`globalThis.footfallLap(${part === "after"})`);

/** Names of all that lies in the page's own storage. */
export const listStorage = (page: Page): Promise<string[]> =>
  page.evaluate(`(async () => {
    const found = [];
    const walk = async (folder, prefix) => {
      for await (const [name, handle] of folder.entries()) {
        found.push(prefix + name);
        if (handle.kind === "directory") await walk(handle, prefix + name + "/");
      }
    };
    await walk(await navigator.storage.getDirectory(), "");
    return found;
  })()`);
