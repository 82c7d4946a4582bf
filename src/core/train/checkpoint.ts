import { FootfallError } from "../errors";
import type { HostTensor } from "../model/safetensors";
import { readSafetensors, writeSafetensors } from "../model/safetensors";
import { completeConfig } from "./config";
import type { Family } from "./course";
import type { FlatLayout } from "./layout";
import type { RunState } from "./state";
import type { HostState } from "./trainer";

/** A file of a run's folder. */
export interface RunFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Where a run of any kind of model stands. */
export type AnyState = Family["state"];

/** A run that was read back: where it stands, with its parameters and moments. */
export interface Checkpoint<State extends AnyState = RunState> {
  readonly state: State;
  readonly tensors: HostState;
}

/** Names the file of the tensors; written last, so that a checkpoint is whole or is not there. */
const STATE_FILE = "checkpoint.json";
const FORMAT = "footfall-checkpoint-1";
const COLUMNS = ["parameters", "means", "squares"] as const;

const tensorFile = (step: number): string => `checkpoint-${step}.safetensors`;

/** Whether a file of a run's folder is the tensors of some checkpoint but the one after `step` steps. */
export function isOldCheckpoint(path: string, step: number): boolean {
  return /^checkpoint-\d+\.safetensors$/.test(path) && path !== tensorFile(step);
}

/** The files of a checkpoint, in the order in which they must be written. */
export function writeCheckpoint({ state, tensors }: Checkpoint<AnyState>): RunFile[] {
  const host = new Map<string, HostTensor>(
    COLUMNS.map((name) => [name, { shape: [tensors[name].length], values: tensors[name] }]),
  );
  const text = JSON.stringify({ format: FORMAT, tensors: tensorFile(state.step), ...state });
  return [
    { path: tensorFile(state.step), bytes: writeSafetensors(host) },
    { path: STATE_FILE, bytes: new TextEncoder().encode(`${text}\n`) },
  ];
}

function parseState<State>(bytes: Uint8Array): State & { tensors: string } {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    if (value["format"] === FORMAT) return value as State & { tensors: string };
  } catch (cause) {
    throw new FootfallError("bad-file", `${STATE_FILE} is not JSON`, { cause });
  }
  throw new FootfallError("bad-file", `${STATE_FILE} is no checkpoint of this version of Footfall`);
}

/**
 * Reads the checkpoint of a run's folder; undefined where there is none. Throws "missing-file" and "bad-file"
 * where it is not whole.
 */
export async function readCheckpoint<State extends AnyState = RunState>(
  read: (path: string) => Promise<Uint8Array | undefined>,
): Promise<Checkpoint<State> | undefined> {
  const bytes = await read(STATE_FILE);
  if (bytes === undefined) return undefined;
  const { tensors: file, ...rest } = parseState<State>(bytes);
  const state = { ...rest, config: completeConfig(rest.config) } as unknown as State;
  const weights = await read(file);
  if (weights === undefined) {
    throw new FootfallError("missing-file", `${STATE_FILE} names ${file}, which is missing`);
  }
  const host = readSafetensors(weights, file);
  const column = (name: (typeof COLUMNS)[number]): Float32Array => {
    const tensor = host.get(name);
    if (tensor !== undefined) return tensor.values;
    throw new FootfallError("bad-file", `${file}: "${name}" is missing`);
  };
  const [parameters, means, squares] = COLUMNS.map(column);
  return { state, tensors: { parameters: parameters!, means: means!, squares: squares! } };
}

/** Throws "weights-mismatch" where a checkpoint's tensors are not of the layout, "bad-input" where it is of another run. */
export function checkCheckpoint(
  { state, tensors }: Checkpoint<AnyState>,
  layout: FlatLayout,
  run: AnyState,
): void {
  const [before, here] = [state, run] as [Partial<RunState>, Partial<RunState>];
  for (const name of ["config", "budget", "vocabularySize", "data"] as const) {
    const [kept, now] = [JSON.stringify(before[name]), JSON.stringify(here[name])];
    if (kept === now) continue;
    throw new FootfallError(
      "bad-input",
      `the checkpoint was made with the ${name} ${kept}, now it is ${now}; give the same, or start a new run`,
    );
  }
  const sizes = COLUMNS.map((name) => tensors[name].length);
  if (sizes.every((size) => size === layout.size)) return;
  throw new FootfallError(
    "weights-mismatch",
    `the checkpoint holds ${sizes.join(", ")} values, the model has ${layout.size}`,
  );
}
