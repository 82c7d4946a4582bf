import type { Box } from "../../core/data/box";
import { countOutside } from "../../core/data/box";
import { readPointShards } from "../../core/data/point-shards";
import type { PointWindows } from "../../core/data/point-windows";
import { FootfallError } from "../../core/errors";
import type { Engine } from "../../core/gpu/engine";
import type { WrittenWindows } from "../../core/job/write-windows";
import { countGptParameters } from "../../core/model/gpt/parameters";
import { limitsOf } from "../../core/train/estimate";
import { differencesFromRaw, toGptConfig } from "../../core/train/gpt/config";
import type { PointFamily, PointLogRow, PointRunState } from "../../core/train/gpt/course";
import { checkPointsFit } from "../../core/train/gpt/estimate";
import { createGptLayout } from "../../core/train/gpt/layout";
import type { PointRunFacts } from "../../core/train/gpt/model-files";
import { pointModelFiles } from "../../core/train/gpt/model-files";
import type { PointPretrainOptions, PointReport } from "../../core/train/gpt/pretrain";
import { pretrainPoints } from "../../core/train/gpt/pretrain";
import type { PointScores } from "../../core/train/gpt/scores";
import type { CommandInput, CommandOutcome } from "../command";
import { openNodeEngine, readEnginePlan } from "../engine";
import { readerOf } from "../evaluate/token-folder";
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

function outcomeOf(
  state: PointRunState,
  { baselines }: PointRunFacts,
  { data, out, engine }: { data: string; out: string; engine: Engine },
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
    return outcomeOf(state, facts, { data, out, engine });
  } finally {
    engine.dispose();
  }
}
