import { POINT_FORMATS } from "../data/read/formats";
import { inspectFiles } from "../data/read/import-points";
import type { FilePreview, ReadOptions } from "../data/read/source";
import type { NamedFile, Report } from "./session";

export interface InspectJob {
  kind: "inspect";
  files: NamedFile[];
  read: ReadOptions;
}

export interface InspectResult {
  previews: FilePreview[];
  /** Formats to choose from where the guess is wrong. */
  formats: { id: string; title: string }[];
  /** Of all files together. */
  bytes: number;
}

/** Looks at the first bytes of files: what they are, and how they would be read (DI-01). */
export async function* runInspect({
  files,
  read,
}: InspectJob): AsyncGenerator<Report, InspectResult, void> {
  yield { phase: "look into the files", done: 0, total: files.length, unit: "files" };
  const previews = await inspectFiles(files, read);
  return {
    previews,
    formats: POINT_FORMATS.map(({ id, title }) => ({ id, title })),
    bytes: files.reduce((sum, { blob }) => sum + blob.size, 0),
  };
}
