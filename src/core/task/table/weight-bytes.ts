import type { BertConfig } from "../../model/config";
import type { Pooling } from "../../model/label-model";
import { countValues, encoderShapes, labelHeadShapes } from "../../model/parameters";
import type { Labels } from "../tasks/types";
import { layersOf, type RowName } from "./rows";
import { labelTask, MODEL_ROWS } from "./run-model";

const BYTES_OF_NUMBER = 4;

/**
 * Bytes of each row's adapted weights. None of any where cells are asked for: the head for cells guesses them, and no
 * row has weights to take out.
 */
export function weightBytesOf(
  labels: Labels,
  config: BertConfig,
  pooling: Pooling,
): Partial<Record<RowName, number>> {
  if (labels.kind === "cells") return {};
  const head = countValues(labelHeadShapes(config, labelTask(labels).count, pooling));
  const entries = MODEL_ROWS.map((row) => {
    const encoder = encoderShapes({ ...config, layerCount: layersOf(row, config.layerCount) });
    return [row, BYTES_OF_NUMBER * (countValues(encoder) + head)] as const;
  });
  return Object.fromEntries(entries);
}
