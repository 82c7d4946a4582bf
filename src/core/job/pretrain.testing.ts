import { parquetWriteBuffer } from "hyparquet-writer";
import { findCheckIns } from "../data/check-ins";
import { checkInColumns, trajectoryColumns } from "../data/columnar/tables";
import type { Points } from "../data/points";
import { findTrajectories } from "../data/trajectories";
import { FootfallError } from "../errors";
import type { PretrainControls } from "../train/reports";
import type { RunStore } from "./run-store";
import type { NamedFile } from "./session";

interface MemoryRuns extends RunStore {
  isFull: boolean;
  controls: PretrainControls;
}

/** Runs in memory, with a switch that fills the store. */
export function createMemoryRuns(): MemoryRuns {
  const files = new Map<string, Uint8Array>();
  let isTaken = false;
  const store: MemoryRuns = {
    isFull: false,
    controls: { isPaused: false },
    isLasting: () => Promise.resolve(true),
    openControls: () => ({ controls: store.controls, close: () => undefined }),
    begin() {
      if (isTaken) return Promise.resolve(undefined);
      isTaken = true;
      return Promise.resolve(() => void (isTaken = false));
    },
    read: (run, path) => Promise.resolve(files.get(`${run}/${path}`)),
    write(run, path, bytes) {
      if (store.isFull) return Promise.reject(new FootfallError("no-space", `no room for ${path}`));
      return Promise.resolve(void files.set(`${run}/${path}`, bytes));
    },
    list: (run) =>
      Promise.resolve(
        [...files.keys()].flatMap((key) =>
          key.startsWith(`${run}/`) ? [key.slice(run.length + 1)] : [],
        ),
      ),
    remove: (run, path) => Promise.resolve(void files.delete(`${run}/${path}`)),
  };
  return store;
}

/** People who walk up and down a street in Paris, each from a house of their own: a folder of tokens. */
export function makeWalkers(people: number): NamedFile[] {
  const steps = 14;
  const rows = Array.from({ length: people * steps }, (_, i) => i);
  const at = (i: number): number => i % steps;
  const personOf = (i: number): number => Math.floor(i / steps);
  const place = (i: number): number => Math.abs(((personOf(i) + at(i)) % 12) - 6);
  const points = {
    users: Array.from({ length: people }, (_, user) => `u${user}`),
    user: Uint32Array.from(rows, personOf),
    timeMs: Float64Array.from(rows, (i) => Date.UTC(2024, 4, 2) + at(i) * 3_600_000),
    lat: Float64Array.from(rows, (i) => 48.8 + 0.012 * place(i)),
    lng: Float64Array.from(rows, (i) => 2.3 + 0.02 * (personOf(i) % 3)),
  };
  return makeFolder(points);
}

/** A folder of tokens made of points: three fifths of the users to learn from, a fifth each to validate and to test. */
export function makeFolder(points: Points, resolution?: number): NamedFile[] {
  const checkIns = findCheckIns(points, resolution === undefined ? {} : { resolution });
  const { trajectories } = findTrajectories(checkIns, { utcOffsetHours: 0 });
  const firstCheckIn = trajectories.offsets.subarray(0, -1);
  const parts = Uint8Array.from(trajectories.user, (user) => (user % 5 < 3 ? 0 : (user % 5) - 2));
  const table = (columnData: Parameters<typeof parquetWriteBuffer>[0]["columnData"]): Blob =>
    new Blob([parquetWriteBuffer({ columnData })]);
  return [
    { path: "check-ins.parquet", blob: table(checkInColumns(trajectories.checkIns)) },
    {
      path: "trajectories.parquet",
      blob: table(trajectoryColumns(trajectories, { firstCheckIn, parts })),
    },
    { path: "report.json", blob: new Blob(["{}"]) },
  ];
}
