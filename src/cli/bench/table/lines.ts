import { rowFacts } from "../../../core/task/table/rows";
import { TASKS } from "../../../core/task/tasks/registry";
import type { TableRowTimes, TableTimes } from "./measure";
import type { AdaptedRun } from "./torch";

/**
 * Losses of the two programs may lie so far apart, as a share of the larger: sums of 32 bits in another order, over
 * hundreds of steps of which each goes on from the one before.
 */
export const LOSS_TOLERANCE = 0.005;

/** How far the losses of two programs lie apart at most, over epochs and over what was asked. */
export function lossesApart(one: AdaptedRun, other: AdaptedRun): number {
  const pairs = one.epochs.flatMap((epoch, n) => {
    const beside = other.epochs[n]!;
    return (["train", "validation", "test"] as const).map((name) => [epoch[name], beside[name]]);
  });
  const apart = pairs.map(([a, b]) =>
    a === undefined || b === undefined ? 0 : Math.abs(a - b) / Math.max(a, b),
  );
  return Math.max(...apart);
}

const toLine = (fields: readonly string[]): string => `| ${fields.join(" | ")} |`;

const inSeconds = (seconds: number): string => `${seconds.toFixed(2)} s`;

const sumOf = (rows: readonly TableRowTimes[], of: (row: TableRowTimes) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0);

/** Seconds and seconds of the processor of both programs, and how many times Footfall's PyTorch's are. */
function timeFields(
  here: Pick<AdaptedRun, "seconds" | "processorSeconds">,
  there?: typeof here,
): string[] {
  const own = [inSeconds(here.seconds), inSeconds(here.processorSeconds)];
  if (!there) return [...own, "", "", "", ""];
  return [
    ...own,
    inSeconds(there.seconds),
    inSeconds(there.processorSeconds),
    (there.seconds / here.seconds).toFixed(2),
    (there.processorSeconds / here.processorSeconds).toFixed(2),
  ];
}

function rowLine({ row, footfall, torch }: TableRowTimes): string {
  const apart = torch ? `${(100 * lossesApart(footfall, torch)).toPrecision(2)} %` : "";
  const test = footfall.epochs.at(-1)!.test.toFixed(4);
  return toLine([rowFacts(row).title, ...timeFields(footfall, torch), test, apart]);
}

function totalLine(rows: readonly TableRowTimes[]): string {
  const total = (of: (row: TableRowTimes) => AdaptedRun) => ({
    seconds: sumOf(rows, (row) => of(row).seconds),
    processorSeconds: sumOf(rows, (row) => of(row).processorSeconds),
  });
  const there = rows.every(({ torch }) => torch) ? total(({ torch }) => torch!) : undefined;
  return toLine([
    "**all seven**",
    ...timeFields(
      total(({ footfall }) => footfall),
      there,
    ),
    "",
    "",
  ]);
}

function agreement(rows: readonly TableRowTimes[]): string {
  const far = rows.filter(
    ({ footfall, torch }) => torch && lossesApart(footfall, torch) > LOSS_TOLERANCE,
  );
  const limit = `${100 * LOSS_TOLERANCE} % of the larger`;
  if (far.length === 0) return `The losses of all epochs agree within ${limit}.`;
  const names = far.map(({ row }) => rowFacts(row).title).join(", ");
  return `**The losses of ${names} lie further apart than ${limit}: the programs have not done the same.**`;
}

/** The times of a table as Markdown. */
export function tableLines({
  task,
  examples,
  tokens,
  epochs,
  batch,
  engine,
  torch,
  rows,
}: TableTimes): string[] {
  const { title, source } = TASKS.find(({ name }) => name === task)!;
  const head = [
    "row",
    "Footfall",
    "processor",
    "PyTorch",
    "processor",
    "times Footfall",
    "processor",
    "test loss",
    "losses apart",
  ];
  const others = torch === undefined ? "; no Python with PyTorch was found" : ` and ${torch}`;
  return [
    `One table, ${title} (${source}), the model that ships, small simulated country, one seed, random split: ${examples} examples of ${Math.round(tokens / examples)} tokens, ${epochs} epochs of batches of ${batch}, each with a look at validation and test examples; ${engine}${others}. Same examples, order, starting weights and AdamW.${torch === undefined ? "" : ` ${agreement(rows)}`}`,
    "",
    toLine(head),
    toLine(head.map((_, n) => (n === 0 ? "---" : "---:"))),
    ...rows.map(rowLine),
    totalLine(rows),
    "",
  ];
}
