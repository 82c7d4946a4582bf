import { readFileSync } from "node:fs";
import { FootfallError } from "../../core/errors";
import {
  compareWithManifest,
  readManifest,
  type TableManifest,
} from "../../core/job/adapt-manifest";
import type { CommandInput } from "../command";
import { textOf } from "../values";
import type { Results } from "./results-files";

type Values = CommandInput["values"];

/** The manifest of --manifest; undefined without the option. Throws "missing-file", "bad-file", "bad-input". */
export function openManifest(values: Values): TableManifest | undefined {
  const path = textOf(values, "manifest");
  if (path === undefined) return undefined;
  return readManifest(readText(path), path);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new FootfallError("missing-file", `--manifest ${path}: no such file`, { cause });
  }
}

/** How the table of a manifest came out here, a sentence a line; none without the option. */
export function manifestLines(values: Values, { tables }: Results): string[] {
  const manifest = openManifest(values);
  const table = manifest && tables[manifest.task];
  return table ? compareWithManifest(manifest, table).map((text) => `Manifest: ${text}.`) : [];
}
