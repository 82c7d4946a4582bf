import { createServer, connect } from "node:net";
import type { Server } from "node:net";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Browser, Page } from "playwright";
import { FootfallError } from "../../core/errors";
import { ROOT } from "../root";
import { median } from "./median";
import { freePort, openBrowser, serve } from "./stage";

const PATIENCE_MS = 600_000;
const LOOK_MS = 50;

/** Seconds since the page was asked for, and bytes that had come over the wire, headers included. */
export interface Moment {
  seconds: number;
  bytes: number;
}

/** When the first map stood, when the model's guess was there, when nothing ran any more. */
export interface PageNumbers {
  firstMap: Moment;
  firstGuess: Moment;
  ready: Moment;
  engine: string;
}

/** Passes bytes on to a port and counts those that come back. */
async function openCounter(target: number): Promise<{ port: number; count: () => number } & Close> {
  let bytes = 0;
  const server: Server = createServer((client) => {
    const upstream = connect(target, "127.0.0.1");
    upstream.on("data", (chunk) => (bytes += chunk.length));
    client.pipe(upstream).pipe(client);
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { port, count: () => bytes, close: () => void server.close() };
}

interface Close {
  close: () => void;
}

/** What has to be true in the page, as an expression that the browser evaluates. */
const MOMENTS = {
  firstMap: `document.querySelector('[data-drawn="true"]') !== null`,
  firstGuess: `document.querySelector('[data-step="masked"][data-state="done"]') !== null`,
  ready: `document.documentElement.dataset.ready === "true"`,
} as const;

/** Looks every 50 ms until an expression is true; the page's policy forbids it to evaluate text by itself. */
export async function reach(page: Page, condition: string): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (!(await page.evaluate(condition))) {
    if (performance.now() > until) {
      throw new FootfallError("no-data", `the page did not come to ${condition}`);
    }
    await page.waitForTimeout(LOOK_MS);
  }
}

async function watch(page: Page, startMs: number, count: () => number) {
  const waits = Object.entries(MOMENTS).map(async ([name, condition]) => {
    await reach(page, condition);
    const moment = { seconds: (performance.now() - startMs) / 1000, bytes: count() };
    return [name, moment] as const;
  });
  return Object.fromEntries(await Promise.all(waits)) as Record<keyof typeof MOMENTS, Moment>;
}

async function measureOnce(browser: Browser, target: number): Promise<PageNumbers> {
  const counter = await openCounter(target);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    const startMs = performance.now();
    await page.goto(`http://localhost:${counter.port}/?test=1`);
    const moments = await watch(page, startMs, counter.count);
    const engine = (await page.locator("[data-engine]").first().textContent()) ?? "";
    return { ...moments, engine };
  } finally {
    await context.close();
    counter.close();
  }
}

function medianMoment(runs: readonly PageNumbers[], name: keyof typeof MOMENTS): Moment {
  return {
    seconds: median(runs.map((run) => run[name].seconds)),
    bytes: median(runs.map((run) => run[name].bytes)),
  };
}

export interface PageOptions {
  runs: number;
  isHardware: boolean;
  note: (line: string) => void;
}

/** Builds the page as `npm start` does; gives the folder. Throws "bad-input". */
export function buildPage(): string {
  const built = spawnSync(process.execPath, [join(ROOT, "scripts", "build.mjs")], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (built.status !== 0) throw new FootfallError("bad-input", "the app could not be built");
  return join(ROOT, "dist");
}

/** Loads the built page as `npm start` serves it, in a fresh browser context each time. */
export async function measurePage(options: PageOptions): Promise<PageNumbers> {
  const folder = buildPage();
  const [server, browser] = [await serve(folder), await openBrowser(options)];
  try {
    const runs: PageNumbers[] = [];
    for (let run = 1; run <= options.runs; run++) {
      options.note(`page, run ${run} of ${options.runs} ...`);
      runs.push(await measureOnce(browser, server.port));
    }
    return {
      firstMap: medianMoment(runs, "firstMap"),
      firstGuess: medianMoment(runs, "firstGuess"),
      ready: medianMoment(runs, "ready"),
      engine: runs[0]!.engine,
    };
  } finally {
    await browser.close();
    server.stop();
  }
}
