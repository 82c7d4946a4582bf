import type { FilePreview, FoundPoint, Guess, PointSink, SourceFile } from "../source";
import { describePlanTimes, describeZone, problemOf, type TablePlan } from "../table-plan";
import { warningsOf } from "../table-warnings";

/** Rows shown in a preview. */
const PREVIEW_ROWS = 20;
const MOST_POINTS = 500;

class EnoughSeen extends Error {}

/** Reads into a sink what a preview puts on the map. */
type PointReading = (sink: PointSink) => AsyncGenerator<unknown, unknown, void>;

/** The first points that a reader finds; it is left as soon as they are there. */
async function firstPoints(read: PointReading): Promise<FoundPoint[]> {
  const points: FoundPoint[] = [];
  const sink: PointSink = {
    beginFile: () => undefined,
    reject: () => undefined,
    label: () => undefined,
    add: (point) => {
      points.push({ ...point });
      if (points.length === MOST_POINTS) throw new EnoughSeen();
    },
  };
  const work = read(sink);
  try {
    while (!(await work.next()).done);
  } catch (thrown) {
    if (!(thrown instanceof EnoughSeen)) throw thrown;
  }
  return points;
}

/** What a table looks like, with its first points as they will be read. */
export async function previewTable(
  { path, blob }: SourceFile,
  format: Guess<string>,
  plan: TablePlan,
  read: PointReading,
): Promise<FilePreview> {
  return {
    path,
    bytes: blob.size,
    format,
    columns: plan.sample.names,
    rows: plan.sample.rows.slice(0, PREVIEW_ROWS),
    roles: plan.roles,
    time: describePlanTimes(plan),
    zone: describeZone(plan),
    points: problemOf(plan) === undefined ? await firstPoints(read) : [],
    warnings: warningsOf(plan),
    looksSwapped: plan.looksSwapped,
  };
}
