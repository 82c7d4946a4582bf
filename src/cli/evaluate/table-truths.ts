/** Where the truths of the tables come from: --truths, and the files that a manifest names. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FootfallError } from "../../core/errors";
import {
  hashLayer,
  restoreTruths,
  type LayerAtHand,
  type TruthOrigins,
} from "../../core/job/adapt-truths";
import type { LayerSpec } from "../../core/job/layers";
import type { TruthSpecs } from "../../core/job/open-task-data";
import { finish } from "../../core/pace";
import { TRUTH_ROLES } from "../../core/task/tasks/types";
import { toTruthChoice } from "../../core/truth/choice";
import type { CommandInput } from "../command";
import { openLayer } from "../layer";
import { textOf } from "../values";
import { openManifest } from "./table-manifest";

type Values = CommandInput["values"];

/** A layer of some files on disk. Throws "missing-file". */
async function openSpec(paths: readonly string[]): Promise<LayerSpec> {
  const files = (await openLayer(paths)).filter((file) => "blob" in file);
  return { kind: "layer", paths: files.map(({ path }) => path), files };
}

/** The layers of --truths. Throws "missing-file", "bad-file", "bad-input". */
export async function readTruths(values: Values): Promise<TruthSpecs | undefined> {
  const path = textOf(values, "truths");
  if (path === undefined) return undefined;
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new FootfallError("missing-file", `--truths ${path}: no such file`, { cause });
  });
  const specs: TruthSpecs = {};
  for (const [role, said] of Object.entries(parseTruths(text, path))) {
    const known = TRUTH_ROLES.find((one) => one === role);
    if (!known || typeof said?.file !== "string") {
      throw new FootfallError(
        "bad-input",
        `${path}: "${role}": expected one of ${TRUTH_ROLES.join(", ")} with a "file", got ${JSON.stringify(said).slice(0, 40)}`,
      );
    }
    const choice = said.choice === undefined ? {} : { choice: toTruthChoice(said.choice) };
    specs[known] = { ...(await openSpec([join(dirname(path), said.file)])), ...choice };
  }
  return specs;
}

const EXAMPLE = 'an object such as {"trees": {"file": "cover.tif"}}';

type SaidTruths = Record<string, { file?: unknown; choice?: Record<string, unknown> } | null>;

function parseTruths(text: string, path: string): SaidTruths {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch (cause) {
    throw new FootfallError("bad-file", `${path} is not JSON; expected ${EXAMPLE}`, { cause });
  }
  if (typeof said === "object" && said !== null && !Array.isArray(said)) return said as SaidTruths;
  throw new FootfallError(
    "bad-input",
    `${path}: expected ${EXAMPLE}, got ${text.trim().slice(0, 40)}`,
  );
}

/** The files of a manifest's truths that lie beside it. */
async function openBeside(manifest: string, origins: TruthOrigins): Promise<LayerSpec[]> {
  const found = Object.values(origins).map(({ files }) =>
    files.map((name) => join(dirname(manifest), name)).filter(existsSync),
  );
  return Promise.all(found.filter((paths) => paths.length > 0).map(openSpec));
}

async function atHandOf(layer: LayerSpec): Promise<LayerAtHand<LayerSpec>> {
  return { hash: await finish(hashLayer(layer.files ?? [])), files: layer.paths, layer };
}

/** The truths of the tables, and what a manifest names that is not there, a sentence each. */
export interface PlannedTruths {
  readonly truths: TruthSpecs | undefined;
  readonly problems: readonly string[];
}

/**
 * The layers of --truths; of a manifest (RS-04) also those that lie beside it, found by their hashes, with the choice
 * that it names unless --truths names another. Throws "missing-file", "bad-file", "bad-input".
 */
export async function planTruths(values: Values): Promise<PlannedTruths> {
  const given = await readTruths(values);
  const [path, origins] = [textOf(values, "manifest"), openManifest(values)?.origin.truths];
  if (path === undefined || origins === undefined) return { truths: given, problems: [] };
  const own = Object.values(given ?? {}).filter((spec) => spec.kind === "layer");
  const layers = [...own, ...(await openBeside(path, origins))];
  const atHand = await Promise.all(layers.map(atHandOf));
  const restored = restoreTruths(origins, atHand);
  const truths: TruthSpecs = { ...given };
  for (const role of TRUTH_ROLES) {
    const [said, found] = [given?.[role], restored.truths[role]];
    const { choice, hints } = found?.of ?? {};
    const isSame =
      said === undefined || atHand.find(({ layer }) => layer === said)?.hash === found?.of.hash;
    if (!found || !isSame) continue;
    truths[role] = { ...(choice && { choice }), ...(hints && { hints }), ...(said ?? found.layer) };
  }
  return { truths, problems: restored.problems };
}
