import type { Browser, Page } from "playwright";
import { FootfallError } from "../../../core/errors";
import { reach } from "../first-picture";
import type { ModelBackend } from "../model/ask";
import { lapWaits, watchPage, type Waits } from "../page-watch";
import { openBrowser, serve } from "../stage";
import { countFrames, lapFrames, watchFrames, type Frames } from "./watch";

/** The page while its map is panned, in one stretch of time. */
export interface Stretch extends Frames, Pick<Waits, "longestTask" | "longTasks" | "culprit"> {
  name: "before" | "training" | "after";
  /** Processor time of the page's own thread, milliseconds a frame; other work on the machine moves it least. */
  workPerFrame: number;
}

/** What a run in the page does to the page's frames. */
export interface FrameNumbers {
  /** The page's own words for what it computes on. */
  engine: string;
  stretches: Stretch[];
  /** Of the run, while the map was panned. */
  steps: number;
  tokensPerSecond: string;
}

export interface FrameOptions {
  /** A built page. */
  built: string;
  backend: ModelBackend;
  isHardware: boolean;
  note: (line: string) => void;
}

/** How long the map is panned without a run, and beside one. */
const ALONE_S = 8;
const BESIDE_S = 20;
/** Steps that a run has taken before it counts: what is compiled first is no training. */
const FIRST_STEPS = 20;
/** Figures that have left the window go a moment later. */
const SETTLE_MS = 2000;
/** The hand goes round in a circle: so far from its middle, so often a second. */
const RADIUS_PX = 60;
const TURNS_PER_SECOND = 0.5;
const FIGURE = '[data-step="masked"] [data-figure="masked"]';
const MAP = '[data-step="masked"] .map-canvas';
const STEP = `Number(document.querySelector("[data-training-step]")?.dataset.trainingStep ?? 0)`;

/** Brings the map into the middle of the window; it is made anew there, and has been drawn when this ends. */
async function goToMap(page: Page): Promise<void> {
  await page.evaluate(`document.querySelector('${MAP}').scrollIntoView({ block: "center" })`);
  await reach(page, `document.querySelector('${FIGURE}')?.dataset.drawn === "true"`);
  await page.waitForTimeout(SETTLE_MS);
}

/** Drags the map round for so many seconds, as a hand does. */
async function pan(page: Page, seconds: number): Promise<void> {
  const box = await page.locator(MAP).boundingBox();
  if (box === null) throw new FootfallError("no-data", "the page shows no map of hidden places");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x + RADIUS_PX, y);
  await page.mouse.down();
  const from = performance.now();
  for (let t = 0; t < seconds; t = (performance.now() - from) / 1000) {
    const angle = 2 * Math.PI * TURNS_PER_SECOND * t;
    await page.mouse.move(x + RADIUS_PX * Math.cos(angle), y + RADIUS_PX * Math.sin(angle));
  }
  await page.mouse.move(x - RADIUS_PX, y); // far from where it was pressed: no click, which would hide a place
  await page.mouse.up();
}

/** Counts from now on; asked, tells the seconds of processor time that the page's own thread has taken. */
async function watchThread(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    await session.detach();
    return metrics.find(({ name }) => name === "ThreadTime")?.value ?? 0;
  };
}

async function measureStretch(
  page: Page,
  name: Stretch["name"],
  seconds: number,
): Promise<Stretch> {
  const workedSeconds = await watchThread(page);
  await lapWaits(page, "after");
  await lapFrames(page);
  await pan(page, seconds);
  const times = await lapFrames(page);
  const { longestTask, longTasks, culprit } = await lapWaits(page, "after");
  const workPerFrame = (1000 * (await workedSeconds())) / Math.max(1, times.times.length);
  return { name, ...countFrames(times), workPerFrame, longestTask, longTasks, culprit };
}

/** The page when all has run that runs by itself, with its map in sight. */
async function openPage(browser: Browser, address: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await watchPage(page);
  await watchFrames(page);
  await page.goto(address);
  await reach(page, `document.documentElement.dataset.ready === "true"`);
  await goToMap(page);
  await pan(page, 1); // shaders and the first tiles
  return page;
}

/** Begins a run that outlasts the measuring; back at the map when it is under way. */
async function beginTraining(page: Page): Promise<void> {
  const step = page.locator('[data-step="pretrain"]');
  const length = step.getByLabel("Train for", { exact: true });
  await length.fill("100000");
  await length.press("Enter");
  await step.getByRole("button", { name: "Train", exact: true }).click();
  await reach(page, `${STEP} > ${FIRST_STEPS}`);
  await goToMap(page);
  await pan(page, 1);
}

async function endTraining(page: Page): Promise<void> {
  await page.locator('[data-step="pretrain"]').getByRole("button", { name: "Stop" }).click();
  const state = `document.querySelector('[data-step="pretrain"]').dataset.state`;
  await reach(page, `${state} !== "running"`);
  await goToMap(page);
}

async function measureIn(page: Page, { backend, note }: FrameOptions): Promise<FrameNumbers> {
  const engine = (await page.locator("[data-engine]").first().textContent()) ?? backend;
  note("frames: the map alone ...");
  const stretches = [await measureStretch(page, "before", ALONE_S)];
  note("frames: beside training ...");
  await beginTraining(page);
  const first = await page.evaluate<number>(STEP);
  stretches.push(await measureStretch(page, "training", BESIDE_S));
  const steps = (await page.evaluate<number>(STEP)) - first;
  const rate = page.locator('[data-step="pretrain"] [data-fact="tokens a second"] dd');
  const tokensPerSecond = await rate.innerText();
  await endTraining(page);
  stretches.push(await measureStretch(page, "after", ALONE_S));
  return { engine: engine.trim(), stretches, steps, tokensPerSecond };
}

/** Pans the map of the hidden place in the built page before, beside and after a run of pre-training. */
export async function measureFrames(options: FrameOptions): Promise<FrameNumbers> {
  const [server, browser] = [await serve(options.built), await openBrowser(options)];
  try {
    const address = `http://localhost:${server.port}/?test=1&backend=${options.backend}`;
    return await measureIn(await openPage(browser, address), options);
  } finally {
    await browser.close();
    server.stop();
  }
}
