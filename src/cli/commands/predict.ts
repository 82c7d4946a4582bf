import type { CellTable } from "../../core/geo/cells";
import {
  CellTableBuilder,
  cellCentres,
  cellHash,
  halvesToHash,
  haversineKm,
  indexCells,
} from "../../core/geo/cells";
import type { Decoded } from "../../core/model/decode";
import { decodeMasked } from "../../core/model/decode";
import { tokeniserOf } from "../../core/model/folder";
import { hideCheckIn } from "../../core/model/masked-target";
import { listWritableCells } from "../../core/model/writable-cells";
import { UNK } from "../../core/token/tokeniser";
import { readCellFile } from "../cell-file";
import type { Command, CommandInput, CommandOutcome } from "../command";
import type { RunningModel } from "../model";
import { MODEL_OPTIONS, modelFacts, withModel } from "../model";
import { showing } from "../run";
import { numberOf, requiredText, textOf } from "../values";
import { readTrajectoryFile } from "../trajectory-file";

/** Existing cells and, behind them, those of the trajectory that are not among them. */
function joinTrajectory(
  existing: CellTable,
  hashes: readonly string[],
): { cells: CellTable; trajectory: number[] } {
  const index: CellTableBuilder = indexCells(existing);
  const trajectory = hashes.map((hash) => index.add(hash));
  return { cells: index.build(), trajectory };
}

interface Row {
  readonly cell: string;
  readonly probability: number;
  /** Between the centres of this cell and of the one that was hidden. */
  readonly km: number;
}

function toRows(cells: CellTable, truth: number, { guesses }: Decoded): Row[] {
  const index = [truth, ...guesses.map(({ cell }) => cell)];
  const hi = Uint32Array.from(index, (n) => cells.hi[n]!);
  const lo = Uint32Array.from(index, (n) => cells.lo[n]!);
  const { lat, lng } = cellCentres({ resolution: cells.resolution, hi, lo });
  return guesses.map(({ probability }, n) => ({
    cell: halvesToHash(hi[n + 1]!, lo[n + 1]!),
    probability,
    km: Math.round(haversineKm(lat[0]!, lng[0]!, lat[n + 1]!, lng[n + 1]!) * 1000) / 1000,
  }));
}

/** What the reader should know where the model and the file do not agree about times. */
function remarkOnTimes({ folder }: RunningModel, isTimed: boolean): string | undefined {
  const { config, tokeniser } = folder;
  const knowsTimes = config.hasTimes === true || tokeniser?.extras?.times === "week";
  if (knowsTimes === isTimed) return undefined;
  return isTimed
    ? `the model knows no times: "times" change nothing`
    : `the model knows the hour of the week: give "times" beside "cells", or it guesses as if no hour were known`;
}

async function run(input: CommandInput): Promise<CommandOutcome> {
  const startedAt = performance.now();
  const path = requiredText(input.values, "trajectory", 'a JSON file {"cells": [hash, ...]}');
  const { hashes, hours } = await readTrajectoryFile(path);
  requiredText(input.values, "mask", "the number of the check-in to hide, from 0");
  const mask = numberOf(input.values, "mask", { from: 0, to: hashes.length - 1 })!;
  const top = numberOf(input.values, "top", { from: 1, to: 1000 }) ?? 10;
  return withModel(input, async (model) => {
    const tokeniser = tokeniserOf(model.folder);
    const remark = remarkOnTimes(model, hours !== undefined);
    if (remark !== undefined) input.note(remark);
    const cellPath = textOf(input.values, "cells");
    const existing =
      cellPath === undefined ? listWritableCells(tokeniser) : await readCellFile(cellPath);
    const { cells, trajectory } = joinTrajectory(existing, hashes);
    const pieces = tokeniser.encodeCells(cells);
    const maxTokens = model.folder.config.maxPositions;
    const target = hideCheckIn(pieces, trajectory, { target: mask, hours, maxTokens });
    const options = { top, beam: Math.max(16, top), minShare: 0, signal: input.signal };
    const work = decodeMasked(model.bert, pieces, [target], options);
    const [decoded] = await showing(work, input.progress);
    const guesses = toRows(cells, target.truth, decoded!);
    const first = pieces.offsets[target.truth]!;
    const isWritable = !pieces.tokens.subarray(first, first + target.k).includes(UNK);
    const probability = isWritable ? Math.exp(-decoded!.nats) : 0;
    const truth = { cell: cellHash(cells, target.truth) as string, probability };
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    const candidates = existing.hi.length;
    return {
      document: { ...modelFacts(model), mask, truth, guesses, candidates, seconds },
      lines: [
        `check-in ${mask} of ${hashes.length}, truly ${truth.cell} (${probability.toPrecision(3)})`,
        ...guesses.map(
          (row) => `${row.cell}  ${row.probability.toFixed(6)}  ${row.km.toFixed(1)} km`,
        ),
      ],
    };
  });
}

export const command: Command = {
  summary: "Hides one check-in of a trajectory and lists the likeliest cells.",
  usage: "--model DIR --trajectory FILE.json --mask INDEX",
  options: {
    ...MODEL_OPTIONS,
    trajectory: {
      type: "string",
      value: "FILE",
      help: '{"cells": [hash, ...]} in time order; "times": ["2023-05-01T08:10", ...] for a model that knows them',
    },
    mask: { type: "string", value: "INDEX", help: "the check-in to hide, from 0" },
    top: { type: "string", value: "K", help: "guesses to list", default: "10" },
    cells: {
      type: "string",
      value: "FILE",
      help: "cells that exist (Parquet or CSV); default all that the tokens can write",
    },
  },
  run,
};
