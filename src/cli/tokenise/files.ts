import { importPoints } from "../../core/data/read/import-points";
import { PointCollector, type CollectedPoints } from "../../core/data/point-collector";
import { dayText } from "../../core/data/period";
import { needsCoordinates } from "../../core/data/rules";
import { writeDataset } from "../../core/job/write-dataset";
import type { CommandInput } from "../command";
import { hashFiles, openSourceFiles } from "../input";
import { showing } from "../run";
import { createFolderSink } from "./folder-sink";
import { withLocator } from "./locator";
import { reportOptions, type TokenisePlan } from "./plan";
import { readReadOptions } from "./read-options";
import { createTokeniser } from "./tokeniser-choice";

/** Names users with a wrong clock on stderr, where nothing is kept, as their file does. */
function noteClocks({ points, names, report }: CollectedPoints, input: CommandInput): void {
  for (const { user, points: count, fromMs, toMs } of report.clocks) {
    const own = points.users[names.indexOf(user)]!;
    const days = `${dayText(fromMs)} to ${dayText(toMs)}`;
    input.note(`user ${own}: ${count} points from ${days}, a year or more away from the others`);
  }
}

/** Tokenises the locations of files and folders of any format. */
export async function tokeniseFiles(folder: string, plan: TokenisePlan, input: CommandInput) {
  const startedAt = performance.now();
  const { signal } = input;
  const files = await openSourceFiles(input.positionals);
  const read = readReadOptions(input.values);
  const { facts, collected } = await withLocator(plan, input, async (locate) => {
    const collector = new PointCollector({
      resolution: plan.resolution,
      keepCoordinates: needsCoordinates(plan.rules),
      maxSpeedKmh: plan.maxSpeedKmh,
      anonymousSeed: plan.keepUsers === undefined ? plan.split.seed : undefined,
      locate,
    });
    const facts = await showing(importPoints(files, read, collector, signal), input.progress);
    return { facts, collected: await showing(collector.build(signal), input.progress) };
  });
  noteClocks(collected, input);
  const sha256 = await hashFiles(files, signal);
  const options = {
    name: files.map(({ path }) => collected.maskPath(path)).join(", "),
    rules: plan.rules,
    split: plan.split,
    makeTokeniser: (area, visits) => createTokeniser(plan.tokeniser, area, visits, signal),
    calendar: plan.calendar,
    more: { sha256, read, ...reportOptions(plan) },
    startedAt,
    ownsPoints: true,
    signal,
  } satisfies Parameters<typeof writeDataset>[2];
  const work = writeDataset(collected, facts, options, createFolderSink(folder));
  return showing(work, input.progress);
}
