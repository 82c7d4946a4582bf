import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Box } from "../../core/data/box";
import { countOutside } from "../../core/data/box";
import { readPointShards } from "../../core/data/point-shards";
import type { PointWindows } from "../../core/data/point-windows";
import { FootfallError } from "../../core/errors";
import { disposeBanks } from "../../core/gpu/banks";
import type { Engine } from "../../core/gpu/engine";
import { forecastResults, incomparableForecast } from "../../core/job/forecast-results";
import type { WrittenWindows } from "../../core/job/write-windows";
import type { GptConfig } from "../../core/model/gpt/config";
import { openGptFolder } from "../../core/model/gpt/folder";
import { countGptParameters } from "../../core/model/gpt/parameters";
import { createPace } from "../../core/pace";
import type { ResultsFile } from "../../core/papers/results";
import { spokenTo } from "../../core/papers/verdict";
import { measureForecast } from "../../core/task/forecast";
import { chooseScored, findUsable } from "../../core/task/forecast-windows";
import { limitsOf } from "../../core/train/estimate";
import type { PointWindow } from "../../core/train/gpt/batches";
import { readFirst } from "../../core/train/gpt/batches";
import { differencesFromRaw, toGptConfig } from "../../core/train/gpt/config";
import type { PointFamily, PointLogRow, PointRunState } from "../../core/train/gpt/course";
import { checkPointsFit } from "../../core/train/gpt/estimate";
import { GENERATED } from "../../core/train/gpt/generate";
import { createGptLayout } from "../../core/train/gpt/layout";
import type { PointRunFacts } from "../../core/train/gpt/model-files";
import { pointModelFiles } from "../../core/train/gpt/model-files";
import type { PointPretrainOptions, PointReport } from "../../core/train/gpt/pretrain";
import { pretrainPoints } from "../../core/train/gpt/pretrain";
import type { PointScores } from "../../core/train/gpt/scores";
import { uploadTensors } from "../../core/train/layout";
import type { CommandInput, CommandOutcome } from "../command";
import { openNodeEngine, readEnginePlan } from "../engine";
import { readerOf } from "../evaluate/token-folder";
import { openModelReader } from "../model";
import { writeWholeFile } from "../output";
import { showing } from "../run";
import { requiredText } from "../values";
import { findCheckpoint } from "./folder";
import { readBudget } from "./options";
import { readPointConfig } from "./point-options";
import type { Showing } from "./work";
import { onEngine, readPacing, runFacts, trainToEnd } from "./work";

/** What report.json of a folder of windows says of them. Throws "missing-file" and "bad-file". */
async function readReport(data: string): Promise<WrittenWindows> {
  const bytes = await readerOf(data)("report.json");
  if (bytes === undefined) {
    throw new FootfallError(
      "missing-file",
      `${data} has no report.json; expected a folder that footfall windows wrote`,
    );
  }
  const { points } = JSON.parse(new TextDecoder().decode(bytes)) as { points?: WrittenWindows };
  if (typeof points === "object") return points;
  throw new FootfallError(
    "bad-file",
    `${data}/report.json names no windows of points; expected a folder that footfall windows wrote`,
  );
}

/** Says how many points lie outside the box. */
function noteOutside(windows: PointWindows, box: Box, { note }: CommandInput): void {
  const { count, outside } = countOutside(windows.places, box);
  if (outside === 0) return;
  note(
    `warning: ${outside.toLocaleString("en")} of ${count.toLocaleString("en")} training points lie outside the box ${box.join(", ")}`,
  );
}

async function readPlan(input: CommandInput) {
  const { values, signal } = input;
  const data = requiredText(values, "data", "a folder that footfall windows wrote");
  const out = requiredText(values, "out", "the folder of the run");
  const report = await readReport(data);
  const checkpoint = await findCheckpoint<PointRunState>(out, values["resume"] === true);
  const config = readPointConfig(values, checkpoint?.state.config, report);
  const read = readerOf(data);
  const options: PointPretrainOptions = {
    config,
    budget: readBudget(values, config, checkpoint?.state.budget),
    data: {
      train: await readPointShards(read, report.splits.train.shards),
      validation: await readPointShards(read, report.splits.validation.shards),
    },
    checkpoint,
    ...readPacing(values),
    signal,
  };
  noteOutside(options.data.train, config.box, input);
  return { data, out, plan: readEnginePlan(values), options };
}

/** A mean error in RAW's words and in true kilometres. */
function scoreText({ mse, mae, rawKm, km }: PointScores): string {
  const raw = rawKm === undefined ? "" : ` (${rawKm.toFixed(2)} km as RAW counts)`;
  return `MSE ${mse.toExponential(2)}, L1 ${mae.toExponential(2)}${raw}, ${km.toFixed(3)} km`;
}

/** The scores of a row of the log. */
function scoresOf({ loss: mse, mae = NaN, rawKm, km = NaN }: PointLogRow): PointScores {
  return { mse, mae, km, ...(rawKm !== undefined && { rawKm }) };
}

/** One line on stderr about a report. */
function describeReport(report: PointReport & { readonly kind: "step" | "validation" }): string {
  if (report.kind === "step") {
    const { step, loss, learningRate = 0 } = report.row;
    return `step ${step}: MSE ${loss.toExponential(2)}, learning rate ${learningRate.toExponential(2)}, ${Math.round(report.tokensPerSecond).toLocaleString("en")} points/s`;
  }
  const { row } = report;
  const { generationKm } = row;
  const generated =
    generationKm === undefined ? "" : `; ten points on ${generationKm.toFixed(2)} km`;
  return `step ${row.step}, validation: ${scoreText(scoresOf(row))}${generated}`;
}

/** The test windows that a forecast is scored on, or why there is none. */
function readTestWindows(test: PointWindows, config: GptConfig): PointWindow[] | string {
  try {
    const usable = findUsable(test, config, GENERATED);
    const rows = chooseScored(usable, config, countGptParameters(config), GENERATED);
    const { box, maxPositions: length } = config;
    return rows.map((row) => readFirst(test, row, { length, box }));
  } catch (thrown) {
    if (thrown instanceof FootfallError && thrown.code === "no-data") return thrown.message;
    throw thrown;
  }
}

/** How far off the model that a run wrote is on the test windows, for the verdict on the papers' claims. */
async function measureTest(
  { data, out }: { data: string; out: string },
  { signal, progress }: CommandInput,
): Promise<ResultsFile> {
  const { splits } = await readReport(data);
  const test = await readPointShards(readerOf(data), splits.test.shards);
  const { config, tensors } = await openGptFolder(await openModelReader(out));
  const of = { config, data: basename(data), steps: GENERATED };
  const windows = readTestWindows(test, config);
  if (typeof windows === "string") return incomparableForecast(windows, of);
  const layout = createGptLayout(config);
  const flat = uploadTensors(layout, tensors);
  try {
    const work = measureForecast({ layout, flat }, windows, GENERATED, createPace(signal));
    return forecastResults(await showing(work, progress), of);
  } finally {
    disposeBanks(flat);
  }
}

/** Writes them into the folder of the run; tells what they say of the claims that they speak to. */
async function writeResults(out: string, results: ResultsFile): Promise<string[]> {
  const text = `${JSON.stringify(results, null, 1)}\n`;
  await writeWholeFile(join(out, "results.json"), (file) => writeFile(file, text));
  return spokenTo(results).map(({ claim, evidence }) => `${claim.claim} Here: ${evidence}`);
}

function outcomeOf(
  state: PointRunState,
  { baselines }: PointRunFacts,
  { data, out, engine, said }: { data: string; out: string; engine: Engine; said: string[] },
): CommandOutcome {
  const last = state.log.findLast(({ split }) => split === "validation");
  const { config, step, tokens: points, seconds } = state;
  const beside = Object.entries(baselines ?? {}).flatMap(([name, scores]) =>
    typeof scores === "number" ? [] : [`  ${name}: ${scoreText(scores as PointScores)}`],
  );
  const generationKm = last?.generationKm;
  const rival = baselines?.generationKm;
  const generated =
    generationKm === undefined || rival === undefined
      ? []
      : [
          `ten points on by itself: ${generationKm.toFixed(2)} km off; staying ${rival.toFixed(2)} km`,
        ];
  return {
    document: {
      data,
      out,
      ...runFacts(state, engine),
      parameters: countGptParameters(toGptConfig(config)),
      points,
      pointsPerSecond: Math.round(points / seconds),
      notPaper: differencesFromRaw(config),
      baselines,
    },
    lines: [
      `${out}: ${step} steps, ${points.toLocaleString("en")} points, ${Math.round(seconds)} s on ${engine.kind} (${engine.description})`,
      ...(last ? [`  the model: ${scoreText(scoresOf(last))}`] : []),
      ...beside,
      ...generated,
      ...said,
    ],
  };
}

/** `footfall pretrain --model gpt`. */
export async function runPoints(input: CommandInput): Promise<CommandOutcome> {
  const { data, out, plan, options } = await readPlan(input);
  const engine = await openNodeEngine(plan);
  if (engine.reason !== undefined) input.note(engine.reason);
  try {
    checkPointsFit(options.config, limitsOf(engine));
    const facts: PointRunFacts = { engine: engine.description, baselines: undefined };
    const showing: Showing<PointFamily> = {
      config: options.config,
      out,
      describe: describeReport,
      files: (state) => ({
        layout: createGptLayout(toGptConfig(state.config)),
        write: (tensors) => pointModelFiles(state, tensors, facts),
      }),
      onBaselines: (scores) => (facts.baselines = scores),
    };
    const state = await trainToEnd(pretrainPoints(onEngine(options, engine)), showing, input);
    const said = await writeResults(out, await measureTest({ data, out }, input));
    return outcomeOf(state, facts, { data, out, engine, said });
  } finally {
    engine.dispose();
  }
}
