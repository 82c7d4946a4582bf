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
 * the browser does not call a task of the page is seen too. Text, for it runs in the page.
 */
const WATCH = `(() => {
  const waits = { longestTask: 0, longTasks: 0, longestGap: 0, culprit: "" };
  const clear = () => Object.assign(waits, { longestTask: 0, longTasks: 0, longestGap: 0, culprit: "" });
  globalThis.footfallWaits = { read: () => ({ ...waits }), clear };
  const observe = (type, take) => {
    if (!PerformanceObserver.supportedEntryTypes.includes(type)) return;
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type });
  };
  observe("longtask", ({ duration }) => {
    waits.longTasks++;
    waits.longestTask = Math.max(waits.longestTask, duration);
  });
  let longestFrame = 0;
  observe("long-animation-frame", ({ duration, scripts }) => {
    if (duration < longestFrame && waits.culprit !== "") return;
    longestFrame = duration;
    waits.culprit = scripts
      .map((s) => Math.round(s.duration) + " ms " + s.invoker + " " + s.sourceFunctionName)
      .join("; ") || Math.round(duration) + " ms without a script";
  });
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    waits.longestGap = Math.max(waits.longestGap, now - last - 4);
    last = now;
  }, 4);
})()`;

/** Has every document of the page watched from its beginning. */
export const watchPage = (page: Page): Promise<unknown> => page.addInitScript({ content: WATCH });

export const clearWaits = (page: Page): Promise<void> =>
  page.evaluate("globalThis.footfallWaits.clear()");

export const readWaits = (page: Page): Promise<Waits> =>
  page.evaluate("globalThis.footfallWaits.read()");

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
