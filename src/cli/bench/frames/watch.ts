import type { Page } from "playwright";

/** Frames of the page in a stretch of time. */
export interface Frames {
  seconds: number;
  perSecond: number;
  /** Frames in which a map was drawn anew, a second. */
  drawnPerSecond: number;
  /** Between two frames, milliseconds. */
  longestGap: number;
  /** The gap that one in a hundred exceeds, milliseconds. */
  slowGap: number;
}

/** When frames began, milliseconds, and in which of them a map was drawn. */
export interface FrameTimes {
  /** The time in which they were counted. */
  from: number;
  to: number;
  times: readonly number[];
  drawn: readonly boolean[];
}

/**
 * Put into the page before its own code: writes down when each frame begins and whether anything was drawn
 * by WebGL since the one before, because frames come whether a map keeps up with them or not. Text, for it
 * runs in the page.
 */
const WATCH = `(() => {
  let [from, times, drawn, isDrawn] = [performance.now(), [], [], false];
  const gl = WebGL2RenderingContext.prototype;
  for (const name of ["drawArrays", "drawElements", "drawArraysInstanced", "drawElementsInstanced"]) {
    const draw = gl[name];
    gl[name] = function (...args) {
      isDrawn = true;
      return draw.apply(this, args);
    };
  }
  const onFrame = (time) => {
    times.push(time);
    drawn.push(isDrawn);
    isDrawn = false;
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
  globalThis.footfallFrames = () => {
    const lap = { from, to: performance.now(), times, drawn };
    [from, times, drawn] = [lap.to, [], []];
    return lap;
  };
})()`;

/** Has the frames of every document of the page written down from its beginning. */
export const watchFrames = (page: Page): Promise<unknown> => page.addInitScript({ content: WATCH });

/** The frames since the last lap; a new lap begins. */
export const lapFrames = (page: Page): Promise<FrameTimes> =>
  page.evaluate<FrameTimes>("globalThis.footfallFrames()");

/** What frames come to; where none came, the whole time is one gap. */
export function countFrames({ from, to, times, drawn }: FrameTimes): Frames {
  const gaps = [...times, to].map((time, n) => time - (times[n - 1] ?? from));
  const sorted = gaps.toSorted((a, b) => a - b);
  const seconds = (to - from) / 1000;
  return {
    seconds,
    perSecond: times.length / seconds,
    drawnPerSecond: drawn.filter(Boolean).length / seconds,
    longestGap: sorted.at(-1)!,
    slowGap: sorted[Math.floor(0.99 * gaps.length)]!,
  };
}
