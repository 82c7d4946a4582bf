import { unzip } from "fflate";
import { FootfallError } from "../core/errors";
import type { NamedFile } from "../core/job/session";
import { isAdapted } from "../core/model/label-answers";
import type { TrainingService } from "../view/page-context";
import { POINT_WEIGHT_FILES, WEIGHT_FILES } from "./folder-notebook";
import { holdsPointModel, readConfig } from "./point-model";

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

async function unpack(zip: File): Promise<NamedFile[]> {
  const bytes = new Uint8Array(await zip.arrayBuffer());
  const entries = await new Promise<Record<string, Uint8Array>>((resolve, reject) => {
    unzip(bytes, (error, found) => (error ? reject(error) : resolve(found)));
  }).catch((cause: unknown) => {
    throw new FootfallError("bad-file", `${zip.name} is no zip that can be read`, { cause });
  });
  return Object.entries(entries).map(([path, content]) => {
    return { path, blob: new Blob([content as Uint8Array<ArrayBuffer>]) };
  });
}

/** A model folder from its files, or from a zip of them. Rejects with "missing-file", "bad-file". */
export async function readModel(picked: readonly File[]): ReturnType<TrainingService["readModel"]> {
  const files: NamedFile[] = [];
  for (const file of picked) {
    if (/\.zip$/i.test(file.name)) files.push(...(await unpack(file)));
    else files.push({ path: file.name, blob: file });
  }
  const name = picked[0]?.name ?? "nothing";
  const names = files.map(({ path }) => baseName(path));
  const isOfPoints = await holdsPointModel(files);
  const wanted = isOfPoints ? POINT_WEIGHT_FILES : WEIGHT_FILES;
  const missing = wanted.filter((needed) => !names.includes(needed));
  if (missing.length === 0) {
    return { name, files, isOfPoints, isAdapted: isAdapted(await readConfig(files)) };
  }
  throw new FootfallError(
    "missing-file",
    `${name} is no model folder: ${missing.join(" and ")} missing; expected ${wanted.join(", ")}`,
  );
}
