import type { FoundPoint, PointSink } from "../source";

/** Rows shown in a preview. */
export const PREVIEW_ROWS = 20;
const MOST_POINTS = 500;

class EnoughSeen extends Error {}

/** The first points that a reader finds; it is left as soon as they are there. */
export async function firstPoints(
  read: (sink: PointSink) => AsyncGenerator<unknown, unknown, void>,
  count = MOST_POINTS,
): Promise<FoundPoint[]> {
  const points: FoundPoint[] = [];
  const sink: PointSink = {
    beginFile: () => undefined,
    reject: () => undefined,
    label: () => undefined,
    add: (point) => {
      points.push({ ...point });
      if (points.length === count) throw new EnoughSeen();
    },
  };
  try {
    for await (const _ of read(sink)) continue;
  } catch (thrown) {
    if (!(thrown instanceof EnoughSeen)) throw thrown;
  }
  return points;
}
