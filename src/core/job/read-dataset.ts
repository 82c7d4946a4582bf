import { createLedger, type Ledger } from "../data/ledger";
import { readTrajectories } from "../data/columnar/read-tables";
import { trajectoriesOf } from "../data/columnar/tables";
import { FootfallError } from "../errors";
import { cellCentres } from "../geo/cells";
import type { Progress } from "../pace";
import type { DatasetSpec } from "./dataset";
import { findFile, readJsonFile, toAsyncBuffer } from "./files";
import type { Dataset } from "./open-dataset";
import type { Session } from "./session";
import type { DatasetReport } from "./write-dataset";

/** What the page shows of report.json; reports of an earlier version have less. */
export type ReportedData = Partial<
  Pick<DatasetReport, "data" | "files" | "fileCount" | "name" | "calendar">
> & {
  ledger?: Ledger;
  points?: number;
};

/** The data set that lies in a folder. Throws "missing-file", "bad-file", "stopped". */
export async function* readFolder(
  key: string,
  { name, files }: DatasetSpec & { source: "folder" },
  signal: AbortSignal,
): AsyncGenerator<Progress, Dataset, void> {
  const { trajectories, parts } = yield* readTrajectories(
    toAsyncBuffer(findFile(files, "check-ins.parquet", name)),
    toAsyncBuffer(findFile(files, "trajectories.parquet", name)),
    signal,
  );
  const report = await readJsonFile<ReportedData>(files, "report.json", name);
  return {
    key,
    name,
    geography: undefined,
    cells: trajectories.checkIns.cells,
    centres: cellCentres(trajectories.checkIns.cells),
    trajectories,
    parts,
    test: trajectoriesOf(parts, "test"),
    ledger: report.ledger ?? createLedger(),
    report,
    points: report.points ?? trajectories.checkIns.points.reduce((sum, n) => sum + n, 0),
    files,
  };
}

/** The same of an import that the session's store keeps. */
export async function* readStored(
  key: string,
  { id, name }: DatasetSpec & { source: "stored" },
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, Dataset, void> {
  const files = await session.store?.files(id);
  if (files === undefined) {
    throw new FootfallError(
      "missing-file",
      `the imported data "${name}" are not in this browser's storage any more: import the files again`,
    );
  }
  return yield* readFolder(key, { source: "folder", name, files }, signal);
}
