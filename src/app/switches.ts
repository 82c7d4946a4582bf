import { FootfallError } from "../core/errors";
import type { EngineKind } from "../core/gpu/engine";
import { readNotebook, type ShippedName } from "./shipped";

/** What the page's address asks for (DESIGN, promise 4). */
export interface Switches {
  /** `?backend=webgpu|wasm` forces an engine. */
  backend: EngineKind | undefined;
  /** `?threads=N` threads of the wasm engine; default all cores but one, 2 to 4. */
  threads: number | undefined;
  /** `?seed=N`, default 123. */
  seed: number;
  /** `?test=1` fixes clock, seed, fonts and motion. */
  isTest: boolean;
  /** `?data=ID` opens an imported data set that this browser keeps. */
  data: string | undefined;
  /** `?notebook=masking|adaptation|papers` opens a shipped notebook; default the first. */
  notebook: ShippedName;
}

const DEFAULT_SEED = 123;
const ENGINES: readonly EngineKind[] = ["webgpu", "wasm", "cpu"];

function readBackend(text: string | null): EngineKind | undefined {
  if (text === null || text === "") return undefined;
  const known = ENGINES.find((engine) => engine === text);
  if (known !== undefined) return known;
  throw new FootfallError(
    "bad-input",
    `the address says backend=${text}; expected backend=webgpu or backend=wasm`,
  );
}

function readThreads(text: string | null): number | undefined {
  if (text === null || text === "") return undefined;
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new FootfallError(
    "bad-input",
    `the address says threads=${text}; expected a whole number from 1 to 99`,
  );
}

function readSeed(text: string | null): number {
  if (text === null || text === "") return DEFAULT_SEED;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new FootfallError(
    "bad-input",
    `the address says seed=${text}; expected a whole number of at most nine digits`,
  );
}

/** The switches of `location.search`. Throws "bad-input" for a value that means nothing. */
export function readSwitches(search: string): Switches {
  const query = new URLSearchParams(search);
  return {
    backend: readBackend(query.get("backend")),
    threads: readThreads(query.get("threads")),
    seed: readSeed(query.get("seed")),
    isTest: query.get("test") === "1",
    data: query.get("data") ?? undefined,
    notebook: readNotebook(query.get("notebook")),
  };
}
