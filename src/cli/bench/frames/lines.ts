import type { FrameNumbers, Stretch } from "./measure";

const NAMES = {
  before: "before",
  training: "while it trains",
  after: "after",
} as const;

function rowOf(stretch: Stretch): string {
  const { name, perSecond, drawnPerSecond, longestGap, slowGap, longTasks, longestTask } = stretch;
  const tasks = longTasks === 0 ? "none" : `${Math.round(longestTask)} ms (${longTasks})`;
  const gaps = [slowGap, longestGap].map((gap) => `${Math.round(gap)} ms`);
  const work = `${stretch.workPerFrame.toFixed(1)} ms`;
  const rates = [perSecond, drawnPerSecond].map((rate) => rate.toFixed(1));
  return `| ${[NAMES[name], stretch.seconds.toFixed(1), ...rates, ...gaps, work, tasks].join(" | ")} |`;
}

/** The page's frames around a run, as Markdown. */
export function frameLines({ engine, stretches, steps, tokensPerSecond }: FrameNumbers): string[] {
  return [
    `The map of the hidden place, panned without a rest, before, while and after a model trains in the page (${engine}; ${steps} steps meanwhile, ${tokensPerSecond} tokens a second):`,
    "",
    "| the page | seconds | frames a second | with the map drawn anew | one gap in a hundred over | longest gap | the page's thread works, a frame | tasks over 50 ms |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...stretches.map(rowOf),
    "",
  ];
}
