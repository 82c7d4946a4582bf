import { PeriodFinder } from "../../core/data/period";
import { PointCollector } from "../../core/data/point-collector";
import {
  PointWindowBuilder,
  RAW_WINDOWS,
  type PointWindowRules,
} from "../../core/data/point-windows";
import { importPoints } from "../../core/data/read/import-points";
import type { Points } from "../../core/data/points";
import { FILLS } from "../../core/data/resample";
import { paceSlices } from "../../core/data/slices";
import type { SplitOptions } from "../../core/data/splits";
import { FootfallError } from "../../core/errors";
import { writeWindows, type WrittenWindows } from "../../core/job/write-windows";
import { DEFAULT_SEED } from "../../core/random";
import type { Command, CommandInput, CommandOption, CommandOutcome } from "../command";
import { textOption as text } from "../command";
import {
  countryOf,
  countryText,
  openGeography,
  SHAPE_OPTION,
  streamResidents,
  type CountryChoice,
} from "../country";
import { openSourceFiles } from "../input";
import { writeFolder } from "../output";
import { showing } from "../run";
import { createFolderSink } from "../tokenise/folder-sink";
import { READING, readReadOptions } from "../tokenise/read-options";
import { choiceOf, numberOf, requiredText, textOf } from "../values";

const YEAR_MIN = 527_040;

function readRules({ values }: CommandInput): PointWindowRules {
  const { intervalMin, fill, maxGapMin, length, minPoints } = RAW_WINDOWS;
  const minutes = (name: string, from: number): number | undefined =>
    numberOf(values, name, { from, to: YEAR_MIN, whole: false });
  return {
    intervalMin: minutes("interval-min", 0.1) ?? intervalMin,
    fill: choiceOf(values, "fill", FILLS) ?? fill,
    maxGapMin: minutes("max-gap-min", 0) ?? maxGapMin,
    length: numberOf(values, "length", { from: 2, to: 8192 }) ?? length,
    minPoints: numberOf(values, "min-points", { from: 2, to: 8192 }) ?? minPoints,
  };
}

function readSplit({ values }: CommandInput): Required<SplitOptions> {
  return {
    by: choiceOf(values, "split", ["user", "trajectory"]) ?? "user",
    seed: numberOf(values, "seed", { from: 0, to: 2 ** 32 - 1 }) ?? DEFAULT_SEED,
  };
}

/** Points of a source, and what stands for its users. */
interface Found {
  readonly name: string;
  readonly names: readonly string[] | undefined;
  readonly about: object;
}

/** Adds the points of some users, with progress. */
async function add(
  builder: PointWindowBuilder,
  points: Parameters<PointWindowBuilder["add"]>[0],
  { progress, signal }: CommandInput,
): Promise<void> {
  const report = { phase: "cut windows", total: points.user.length, unit: "points" };
  await showing(paceSlices(builder.add(points), report, signal), progress);
}

async function addFiles(
  builder: PointWindowBuilder,
  seed: number,
  input: CommandInput,
): Promise<Found> {
  const { signal, progress, positionals, values } = input;
  const files = await openSourceFiles(positionals);
  const keepUsers = textOf(values, "keep-users");
  const collector = new PointCollector({
    keepCoordinates: true,
    anonymousSeed: keepUsers === undefined ? seed : undefined,
  });
  await showing(importPoints(files, readReadOptions(values), collector, signal), progress);
  const { points, names, report, maskPath } = await showing(collector.build(signal), progress);
  await add(builder, points as unknown as Points, input);
  const { rejected } = report;
  const period = new PeriodFinder().add([report.fromMs, report.toMs]).find();
  return {
    name: files.map(({ path }) => maskPath(path)).join(", "),
    names,
    about: { simulated: false, rowsRead: report.rowsRead, rejected, period, keepUsers },
  };
}

async function addCountry(
  builder: PointWindowBuilder,
  choice: CountryChoice,
  input: CommandInput,
): Promise<Found> {
  const geography = await openGeography(choice, input);
  const days = new PeriodFinder();
  const quiet = { ...input, progress: () => undefined }; // the stream reports
  for await (const points of streamResidents(geography, choice, input)) {
    await add(builder, points, quiet);
    days.add(points.timeMs);
  }
  const name = `${countryText(choice)}, ${choice.residents} residents, seed ${choice.seed}`;
  return {
    name,
    names: undefined,
    about: { simulated: true, country: choice, period: days.find() },
  };
}

async function findPoints(
  builder: PointWindowBuilder,
  seed: number,
  input: CommandInput,
): Promise<Found> {
  const country = countryOf(input.values, "country", seed);
  if (country && input.positionals.length > 0) {
    throw new FootfallError("bad-input", "--country makes its own points: give no files beside it");
  }
  if (country) return addCountry(builder, country, input);
  if (input.positionals.length > 0) return addFiles(builder, seed, input);
  throw new FootfallError("bad-input", "no file given; expected FILE... or --country SIZE");
}

const inWords = (count: number): string => count.toLocaleString("en");

function describe({ facts, box, outside, splits, rules }: WrittenWindows): string[] {
  const share = ((100 * facts.filled) / Math.max(1, facts.moments)).toFixed(1);
  return [
    `${inWords(facts.points)} points, one every ${rules.intervalMin} minutes: ${inWords(facts.moments)} in windows of at most ${rules.length}, ${share} % filled in; ${inWords(facts.short)} windows too short`,
    ...Object.entries(splits).map(
      ([split, { windows, points }]) =>
        `  ${split}: ${inWords(windows)} windows, ${inWords(points)} points`,
    ),
    `box (south, west, north, east): ${box.join(", ")}; ${inWords(outside)} points outside`,
  ];
}

async function run(input: CommandInput): Promise<CommandOutcome> {
  const startedAt = performance.now();
  const out = requiredText(input.values, "out", "the folder to write");
  const [rules, split] = [readRules(input), readSplit(input)];
  const report = await writeFolder(out, async (folder) => {
    const builder = new PointWindowBuilder(rules);
    const { name, names, about } = await findPoints(builder, split.seed, input);
    const { windows, facts } = builder.build();
    const sink = createFolderSink(folder);
    const options = { rules, facts, split, names: names ?? windows.users };
    const points = await writeWindows(windows, options, sink.write.bind(sink));
    const seconds = Math.round((performance.now() - startedAt) / 10) / 100;
    const whole = { name, ...about, seed: split.seed, split: split.by, points, seconds };
    await sink.write("report.json", Buffer.from(`${JSON.stringify(whole, null, 2)}\n`));
    return whole;
  });
  const { points, name, seconds } = report;
  if (points.outside > 0) {
    input.note(
      `warning: ${inWords(points.outside)} points lie outside the box ${points.box.join(", ")}; pretrain --box takes another`,
    );
  }
  return {
    document: report,
    lines: [name, ...describe(points), `written to ${out} in ${seconds} s`],
  };
}

const RULES: Readonly<Record<string, CommandOption>> = {
  "interval-min": text("N", "minutes from one point to the next", "15"),
  fill: text("HOW", "hold, linear or drop, where no point is", "hold"),
  "max-gap-min": text("N", "longer gaps end a window", "1440"),
  length: text("N", "points of a window at most", "960"),
  "min-points": text("N", "shorter windows are left out", "10"),
};

export const command: Command = {
  summary: "Cuts points into windows of equal steps, which a GPT is pre-trained on (RAW).",
  usage: "FILE... --out DIR | --country SIZE --out DIR",
  options: {
    out: text("DIR", "folder to write"),
    country: text("SIZE", "the simulated country instead of files: small, medium, large"),
    shape: SHAPE_OPTION,
    residents: text("N", "residents of the country", "by size"),
    ...READING,
    zone: text("ZONE", "zone of times that do not tell theirs", "UTC"),
    ...RULES,
    split: text("BY", "70/15/15 by user, or by trajectory", "user"),
    "keep-users": text("REASON", "keep the users' own names, and say why", "random ids"),
    seed: text("N", "seed of splits, names and country", "123"),
  },
  run,
};
