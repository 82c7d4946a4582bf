import type { ImportNumbers, Phase, Stopped } from "./measure";
import type { Waits } from "../page-watch";

const whole = (value: number): string => Math.round(value).toLocaleString("en");
const inMb = (bytes: number | undefined): string =>
  bytes === undefined ? "–" : whole(bytes / 1e6);

/** "62 ms (3)": the longest task and how many there were over 50 ms; "none". */
const tasks = ({ longestTask, longTasks }: Waits): string =>
  longTasks === 0 ? "none" : `${whole(longestTask)} ms (${longTasks})`;

function rowOf(numbers: ImportNumbers): string {
  const { bytes, rows, users, seconds, waits, memory, ownBytes } = numbers;
  const { workerPeak, processBefore, processPeak } = memory;
  return [
    "",
    (bytes / 1e9).toFixed(2),
    whole(rows),
    whole(users),
    seconds.toFixed(1),
    memory.processorSeconds?.toFixed(1) ?? "–",
    whole(rows / seconds),
    tasks(waits.during),
    `${whole(waits.during.longestGap)} ms`,
    inMb(workerPeak),
    (workerPeak / rows).toFixed(1),
    `${inMb(processBefore)} → ${inMb(processPeak)}`,
    inMb(ownBytes),
    "",
  ]
    .join(" | ")
    .trim();
}

const phaseRow = ({ name, seconds, workerPeak, ...waits }: Phase): string =>
  `| ${name} | ${seconds.toFixed(1)} | ${tasks(waits)} | ${whole(waits.longestGap)} ms | ${inMb(workerPeak)} |`;

const stopRow = ({ phase, seconds, left }: Stopped): string =>
  `| ${phase} | ${seconds.toFixed(2)} s | ${left.length === 0 ? "nothing" : left.join(", ")} |`;

/** What the imports through the page took, as Markdown. */
export function importLines(all: readonly ImportNumbers[]): string[] {
  const largest = all.at(-1)!;
  const { before, after } = largest.waits;
  return [
    "Imports through the page in Chromium, from pressing Import to the finished step:",
    "",
    "| GB | rows | people | seconds | of the processor | rows/s | tasks over 50 ms | longest gap | worker, MB at most | the same, bytes a row | process, MB | page at the end, MB |",
    "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...all.map(rowOf),
    "",
    `The largest file: preview after ${largest.previewSeconds.toFixed(1)} s, what the rules leave of its first rows after ${largest.rulesSeconds.toFixed(1)} s more; tasks over 50 ms until then: ${tasks(before)}; while the result is drawn: ${tasks(after)}.`,
    "",
    "| phase | seconds | tasks over 50 ms | longest gap | worker, MB at most |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...largest.phases.map(phaseRow),
    "",
    "| Stop while | took | left behind |",
    "| --- | ---: | --- |",
    ...largest.stops.map(stopRow),
    "",
  ];
}
