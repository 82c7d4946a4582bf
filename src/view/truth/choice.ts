import { className, COVER_GROUPS, landCover, type LandCoverId } from "../../core/truth/land-cover";
import type { LayerColumn, LayerPreview, TruthChoice } from "../../core/truth/layer-types";

/** More values than this are many numbers, not classes. */
const FEW_NUMBERS = 12;

/**
 * What is asked of a layer: what the reader chose, or what a look suggests; undefined until there is either. What says
 * where a table's rows lie is the layer's: a choice must not hold on to what was found before another was named.
 */
export function askedOf(
  chosen: TruthChoice | undefined,
  preview: LayerPreview | undefined,
): TruthChoice | undefined {
  if (chosen !== undefined && chosen.kind === preview?.kind) return chosen;
  const found = preview?.choice;
  return found?.kind === "table" ? { ...found, key: undefined } : found;
}

/** A choice after a change; fields that became undefined are left out. */
export function changeChoice(choice: TruthChoice, change: Record<string, unknown>): TruthChoice {
  const all = Object.entries({ ...choice, ...change });
  return Object.fromEntries(
    all.filter(([, value]) => value !== undefined),
  ) as unknown as TruthChoice;
}

/** The band or column that a choice is about. */
export function columnOf(
  { columns }: LayerPreview,
  choice: TruthChoice | undefined,
): LayerColumn | undefined {
  if (choice?.kind === "raster") return columns[(choice.band ?? 1) - 1];
  return columns.find(({ name }) => name === choice?.column);
}

/** What is asked of another column: classes of texts and of few numbers, means of many. */
export function chooseColumn(preview: LayerPreview, name: string): TruthChoice {
  const column = preview.columns.find((one) => one.name === name);
  const isFew = column?.distinct !== undefined && column.distinct.length <= FEW_NUMBERS;
  if (preview.kind === "raster") {
    const band = preview.columns.findIndex((one) => one.name === name) + 1;
    return { kind: "raster", statistic: isFew ? "majority" : "mean", band };
  }
  if (preview.kind === "table") return { kind: "table", column: name };
  const statistic = column?.kind === "number" && !isFew ? "mean" : "class";
  return { kind: "polygons", column: name, statistic };
}

/** Something whose share can be asked for. */
export interface ClassOption {
  readonly value: string;
  readonly text: string;
}

/** The legend of a choice: the one that was chosen, else the one that was recognised. */
export function legendOf(
  preview: LayerPreview,
  choice: TruthChoice | undefined,
): LandCoverId | undefined {
  const chosen = choice?.kind === "raster" ? choice.preset : undefined;
  return chosen === "none" ? undefined : (chosen ?? preview.preset?.id);
}

/** Groups and classes of the legend, or the values that the layer was seen to hold; undefined for too many. */
export function classOptions(
  preview: LayerPreview,
  choice: TruthChoice,
): ClassOption[] | undefined {
  const { distinct } = columnOf(preview, choice) ?? {};
  const legend = choice.kind === "raster" ? legendOf(preview, choice) : undefined;
  if (legend === undefined) {
    const isRaster = choice.kind === "raster";
    return distinct?.map(({ value }) => ({ value, text: isRaster ? `value ${value}` : value }));
  }
  const groups = COVER_GROUPS.map((name) => ({ value: name, text: `${name} (group)` }));
  const codes = Object.keys(landCover(legend).classes).map((code) => ({
    value: code,
    text: className(Number(code), legend),
  }));
  return [...groups, ...codes];
}

/** "forest = trees" a line, as a table from value to class; lines without "=" or without a name say nothing. */
export function readClassTable(text: string): Record<string, string> {
  const pairs = text.split("\n").flatMap((line) => {
    const at = line.lastIndexOf("=");
    const [value, name] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    return at < 0 || value === "" || name === "" ? [] : [[value, name] as const];
  });
  return Object.fromEntries(pairs);
}

/** A table from value to class as lines. */
export const writeClassTable = (classes: Readonly<Record<string, string>>): string =>
  Object.entries(classes)
    .map(([value, name]) => `${value} = ${name}`)
    .join("\n");

/** Lists of classes of a share: texts as they are chosen. */
export const chosenClasses = (choice: TruthChoice): string[] =>
  choice.kind === "table" ? [] : (choice.classes ?? []).map(String);
