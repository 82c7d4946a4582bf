import { FootfallError } from "../../core/errors";
import { cellCentres, CellTableBuilder, indexCells, type CellTable } from "../../core/geo/cells";
import { createBert } from "../../core/model/bert";
import { tokeniserOf } from "../../core/model/folder";
import { initialiseBert } from "../../core/model/parameters";
import { DEFAULT_SEED } from "../../core/random";
import { createBaselines } from "../../core/task/baselines";
import { checkGeography, takeCellTokens } from "../../core/task/geography-check";
import {
  evaluateMasked,
  measureTrainingPerplexity,
  type MaskedData,
} from "../../core/task/masked-evaluation";
import type { Tokeniser } from "../../core/token/tokeniser";
import type { Geography } from "../../core/world/geography";
import type { Command, CommandInput, CommandOutcome } from "../command";
import { openGeography } from "../country";
import { describeGeography, describeMasked, describeProbe } from "../evaluate/describe";
import { probe, type ProbePlan } from "../evaluate/probes";
import { TABLE_OPTIONS } from "../evaluate/table-options";
import { readTokenFolder, readTokenReport, type TokenFolder } from "../evaluate/token-folder";
import { FIELDS, openEmbeddings, readTruth } from "../evaluate/truth";
import { LAYER_OPTIONS } from "../layer";
import { MODEL_OPTIONS, modelFacts, withModel, type RunningModel } from "../model";
import { showing } from "../run";
import { choiceOf, numberOf, requiredText, textOf } from "../values";

/** The options, read and checked. */
function readPlan(values: CommandInput["values"]) {
  return {
    tokens: requiredText(values, "tokens", "a folder that footfall tokenise wrote"),
    truth: textOf(values, "truth"),
    as: choiceOf(values, "as", ["values", "deciles", "classes"]),
    count: numberOf(values, "count", { from: 1, to: 1e6 }) ?? 500,
    trainCells: numberOf(values, "train-cells", { from: 50, to: 1e6 }) ?? 2500,
    heldOutCells: numberOf(values, "held-out-cells", { from: 10, to: 1e6 }) ?? 1500,
    beam: numberOf(values, "beam", { from: 1, to: 10_000 }),
    seed: numberOf(values, "seed", { from: 0, to: 2 ** 32 - 1 }) ?? DEFAULT_SEED,
  };
}
type Plan = ReturnType<typeof readPlan>;

/** The geography where the tokens are of the simulated country: all its land exists, visited or not. */
async function findGeography(plan: Plan, input: CommandInput): Promise<Geography | undefined> {
  const { simulated, country } = await readTokenReport(plan.tokens);
  if (!simulated) return undefined;
  return openGeography(country ?? { seed: DEFAULT_SEED }, input);
}

/** What the probe is asked; undefined without --truth. */
async function readProbe(
  { truth, as, trainCells, heldOutCells, seed }: Plan,
  where: { geography: Geography | undefined; cells: CellTable },
  input: CommandInput,
): Promise<ProbePlan | undefined> {
  if (truth === undefined) return undefined;
  const found = await readTruth({ truth, as }, where, input);
  const embeddings = await openEmbeddings(input);
  return { truth: found, as: found.as, embeddings, trainCells, heldOutCells, seed };
}

async function evaluatePlaces(
  plan: Plan,
  model: RunningModel,
  tokeniser: Tokeniser,
  folder: TokenFolder,
  input: CommandInput,
) {
  const { cells, visits, test, report } = folder;
  if (test.cell.length === 0) {
    throw new FootfallError("no-data", `${plan.tokens} has no trajectory in its test part`);
  }
  const centres = cellCentres(cells);
  const data: MaskedData = {
    centres,
    sequences: test,
    visits,
    guessers: createBaselines({ table: cells, sequences: test, visits, centres }),
    test: Uint32Array.from({ length: test.offsets.length - 1 }, (_, k) => k),
  };
  const pieces = tokeniser.encodeCells(cells);
  const { count, seed, beam } = plan;
  const options = { count, seed, decode: { beam }, signal: input.signal };
  const own = { name: "the model", bert: model.bert, pieces };
  const rows = await showing(evaluateMasked(data, [own], options), input.progress);
  const twin = createBert(model.folder.config, initialiseBert(model.folder.config));
  try {
    const measure = (name: string, bert: typeof twin) =>
      showing(measureTrainingPerplexity(data, { name, bert, pieces }, options), input.progress);
    return {
      name: report.name ?? plan.tokens,
      simulated: report.simulated === true,
      cells: cells.hi.length,
      testTrajectories: data.test.length,
      hidden: rows[0]!.scores.count,
      masked: rows,
      perplexityAsTrained: {
        model: await measure("the model", model.bert),
        twin: await measure("its twin", twin),
      },
    };
  } finally {
    twin.dispose();
  }
}

async function look(
  { folder }: RunningModel,
  tokeniser: Tokeniser,
  seed: number,
  input: CommandInput,
) {
  const words = folder.tensors.get("bert.embeddings.word_embeddings.weight")!;
  const matrix = { data: words.values, width: folder.config.width };
  const taken = takeCellTokens(tokeniser.vocabulary, matrix);
  if (!taken) return undefined;
  const work = checkGeography(taken.embeddings, taken.places, { seed, signal: input.signal });
  return showing(work, input.progress);
}

async function evaluate(
  plan: Plan,
  model: RunningModel,
  input: CommandInput,
): Promise<CommandOutcome> {
  const startedAt = performance.now();
  const tokeniser = tokeniserOf(model.folder);
  const geography = await findGeography(plan, input);
  const known = geography ? indexCells(geography.cells) : new CellTableBuilder();
  const folder = await readTokenFolder(plan.tokens, tokeniser, known);
  const truth = await readProbe(plan, { geography, cells: folder.cells }, input);
  const places = await evaluatePlaces(plan, model, tokeniser, folder, input);
  const map = await look(model, tokeniser, plan.seed, input);
  const probes = truth && (await probe(truth, model, tokeniser, input));
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const { masked, perplexityAsTrained } = places;
  const { model: own, twin } = perplexityAsTrained;
  const document = {
    ...modelFacts(model),
    ...places,
    geography: map,
    probe: truth && { truth: truth.truth.name, as: truth.as, splits: probes },
    seed: plan.seed,
    seconds,
  };
  const lines = [
    `${places.name}${places.simulated ? " (simulated)" : ""}: ${places.hidden} hidden check-ins of ${places.testTrajectories} test trajectories, ${places.cells} cells exist`,
    ...describeMasked(masked),
    `perplexity with a fifth hidden, as in pre-training: ${own.perCell.toFixed(0)} a cell, ${own.perToken.toFixed(1)} a token; before training ${twin.perCell.toFixed(0)} and ${twin.perToken.toFixed(0)}`,
    describeGeography(map),
    ...(truth ? [`truth: ${truth.truth.name}, ${truth.as}`] : []),
    ...(probes ?? []).flatMap(describeProbe),
    `${model.engine.kind} (${model.engine.description}), seed ${plan.seed}, ${seconds} s`,
  ];
  return { document, lines };
}

const asksForTables = ({ values }: CommandInput): boolean =>
  values["all"] === true || values["task"] !== undefined || values["manifest"] !== undefined;

async function run(input: CommandInput): Promise<CommandOutcome> {
  if (asksForTables(input)) return (await import("../evaluate/tables")).runTables(input);
  const plan = readPlan(input.values);
  return withModel(input, (model) => evaluate(plan, model, input));
}

export const command: Command = {
  summary:
    "Scores a model beside what it must beat: hidden check-ins, its map, a probe, and the papers' tables.",
  usage: "--model DIR --tokens DIR [--truth FILE] | --all --model DIR --country SIZE --out DIR",
  options: {
    ...MODEL_OPTIONS,
    tokens: { type: "string", value: "DIR", help: "folder that tokenise wrote, same vocabulary" },
    truth: {
      type: "string",
      value: "FILE",
      help: `a raster, polygons or a table, or a field of the country: ${FIELDS.join(", ")}`,
    },
    as: {
      type: "string",
      value: "NAME",
      help: "values, deciles or classes of the truth",
      default: "classes for text, deciles for population, else values",
    },
    ...LAYER_OPTIONS,
    embeddings: {
      type: "string",
      value: "FILE",
      help: "embeddings of cells by another program: npy, Parquet, safetensors, TSV",
    },
    keys: { type: "string", value: "FILE", help: "cells of the rows, for npy and safetensors" },
    count: { type: "string", value: "N", help: "hidden check-ins", default: "500" },
    beam: { type: "string", value: "N", help: "beginnings followed up", default: "16" },
    "train-cells": { type: "string", value: "N", help: "cells to learn from", default: "2500" },
    "held-out-cells": { type: "string", value: "N", help: "others drawn", default: "1500" },
    seed: { type: "string", value: "N", help: "seed of every draw", default: "123" },
    ...TABLE_OPTIONS,
  },
  run,
};
