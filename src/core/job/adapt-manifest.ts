import { FootfallError } from "../errors";
import type { RunOutcome } from "../task/table/results";
import { checkSettings, type TableSettings } from "../task/table/settings";
import { TASK_NAMES } from "../task/tasks/registry";
import type { TaskName } from "../task/tasks/types";
import type { AdaptTable } from "./adapt";
import type { TableOrigin } from "./adapt-origin";
import { checkTruthOrigins, compareTruths } from "./adapt-truths";

/**
 * A table as a file that says all that made it and what came out; with the data, the model and the layers it names,
 * the table can be filled again from it (RS-04).
 */
export interface TableManifest {
  readonly footfallManifest: 1;
  readonly task: TaskName;
  readonly settings: TableSettings;
  readonly origin: TableOrigin;
  /** Must be said beside the numbers (PV-09). */
  readonly warning?: string;
  readonly rows: AdaptTable["rows"];
  readonly runs: readonly RunOutcome[];
}

/** The manifest of a table; undefined for one that an earlier version kept without its origin. */
export function toManifest(
  table: AdaptTable,
  warning: string | undefined,
): TableManifest | undefined {
  const { task, settings, origin, rows, runs } = table;
  if (origin === undefined) return undefined;
  const { name } = task;
  const said = warning !== undefined && { warning };
  return { footfallManifest: 1, task: name, settings, origin, ...said, rows, runs };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isOrigin(value: unknown): value is TableOrigin {
  if (!isRecord(value) || !isRecord(value["data"]) || !isRecord(value["model"])) return false;
  const hashes = [value["data"]["hash"], value["model"]["hash"]];
  return typeof value["seed"] === "number" && hashes.every((hash) => typeof hash === "string");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // told with everything else that is no manifest
  }
}

/** Reads a manifest. Throws "bad-file" for anything else, "bad-input" for settings outside their bounds. */
export function readManifest(text: string, name: string): TableManifest {
  const found = parse(text);
  const isOne =
    isRecord(found) &&
    found["footfallManifest"] === 1 &&
    [...TASK_NAMES, "layer"].includes(String(found["task"])) &&
    isRecord(found["settings"]) &&
    isRecord(found["settings"]["training"]) &&
    isOrigin(found["origin"]) &&
    Array.isArray(found["runs"]);
  if (!isOne) {
    throw new FootfallError(
      "bad-file",
      `${name}: expected the manifest of a table with task, settings, origin and runs, as “Manifest” below a table writes it`,
    );
  }
  const manifest = found as unknown as TableManifest;
  checkSettings(manifest.settings);
  checkTruthOrigins(manifest.origin.truths, name);
  return manifest;
}

/** What makes runs of the same row, split and seed the same. */
const madeBy = ({ samples, training, shown }: TableSettings): string =>
  JSON.stringify([
    samples,
    shown,
    Object.entries(training).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);

/** Why runs of a table may not be those of a manifest: other data, another model, seed, engine, or settings. */
function differencesOf({ origin, settings }: TableManifest, table: AdaptTable): string[] {
  const { origin: here } = table;
  if (here === undefined) return [];
  const pairs = [
    ["the data", origin.data.hash, here.data.hash, here.data.name],
    ["the weights", origin.model.hash, here.model.hash, here.model.name],
    ["the seed", String(origin.seed), String(here.seed), "this page or command"],
    ["the engine", origin.engine, here.engine, "this machine"],
    ["the settings", madeBy(settings), madeBy(table.settings), "as they were filled"],
  ] as const;
  const differing = pairs.filter(([, there, now]) => there !== now);
  return [
    ...differing.map(([what, there, now, whose]) => {
      return `${what} differ: ${there} there, ${now} (${whose}) here`;
    }),
    ...compareTruths(origin.truths, here.truths),
  ];
}

/** The same run wherever its data and model lie: keys name files, too. */
const placeOf = ({ row, split, seed }: RunOutcome): string => `${row} ${split} ${seed}`;

const scoresOf = ({ scores, problem }: RunOutcome): string => JSON.stringify([scores, problem]);

/** How a table that was filled again stands to its manifest, in sentences without their full stops. */
export function compareWithManifest(manifest: TableManifest, table: AdaptTable): string[] {
  const differences = differencesOf(manifest, table);
  const there = new Map(manifest.runs.map((run) => [placeOf(run), run]));
  const again = table.runs.filter((run) => there.has(placeOf(run)));
  if (again.length === 0) {
    return [...differences, "no run here is one of the manifest’s: nothing can be compared"];
  }
  const same = again.filter((run) => scoresOf(run) === scoresOf(there.get(placeOf(run))!)).length;
  const numbers =
    same === again.length
      ? "all with the same numbers, to the last digit"
      : `${same} with the same numbers, ${again.length - same} with others`;
  return [
    ...differences,
    `${again.length} of the manifest’s ${there.size} runs are here, ${numbers}`,
  ];
}
