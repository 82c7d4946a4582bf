import type { Engine } from "../gpu/engine";
import { FootfallError, throwIfStopped } from "../errors";
import { createBert, type Bert } from "../model/bert";
import {
  CARD_FILE,
  openModelFolder,
  tokeniserOf,
  type FolderReader,
  type ModelFolder,
} from "../model/folder";
import { initialiseBert } from "../model/parameters";
import type { Progress } from "../pace";
import { UNK, type CellPieces, type Tokeniser } from "../token/tokeniser";
import { filesKey, findFile } from "./files";
import type { ModelSpec } from "./model";
import type { Dataset } from "./open-dataset";
import { MODEL_FOLDER, trainedName } from "./run-store";
import { keep, type Session } from "./session";

/** What the tables call the two. */
export const PRE_TRAINED = "pre-trained model";
export const TWIN = "randomly initialised twin";

/** A model on the engine, with its randomly initialised twin and the pieces of a data set's cells. */
export interface OpenModel extends Loaded {
  /** Pieces of every cell of the study area. */
  readonly pieces: CellPieces;
}

interface Loaded {
  /** Says the same for the same weights. */
  readonly key: string;
  readonly name: string;
  readonly folder: ModelFolder;
  readonly tokeniser: Tokeniser;
  readonly bert: Bert;
  readonly twin: Bert;
  /** The engine in a few words. */
  readonly engine: string;
  dispose(): void;
}

/** The files of a model, wherever they lie. */
export function readerOf(spec: ModelSpec, session: Session): FolderReader {
  if (spec.source === "shipped") {
    const name = `the shipped model ${spec.path}`;
    return { name, read: (path) => session.readAsset(`${spec.path}/${path}`) };
  }
  if (spec.source === "trained") {
    const read = async (path: string): Promise<Uint8Array | undefined> =>
      (await session.runs?.())?.read(spec.run, `${MODEL_FOLDER}/${path}`);
    return { name: nameOf(spec), read };
  }
  const { name, files } = spec;
  const find = async (path: string): Promise<Uint8Array> =>
    new Uint8Array(await findFile(files, path, name).arrayBuffer());
  const isThere = (path: string): boolean => files.some((file) => file.path.endsWith(path));
  return { name, read: async (path) => (isThere(path) ? find(path) : undefined) };
}

/** What tables and errors call a model. */
export function nameOf(spec: ModelSpec): string {
  if (spec.source === "shipped") return spec.path;
  return spec.source === "trained" ? trainedName(spec.run) : spec.name;
}

/** Part of every key of what is made from a run's model: a newer best model forgets all of it. */
export const trainedKey = (run: string): string => `trained ${run}`;

/** Says the same for the same weights: a card beside them only tells of them, and may be written later. */
export function modelKey(spec: ModelSpec): string {
  if (spec.source === "shipped") return spec.path;
  if (spec.source === "trained") return trainedKey(spec.run);
  const files = spec.files.filter(({ path }) => !path.endsWith(CARD_FILE));
  return `folder ${spec.name} ${filesKey(files)}`;
}

async function* load(key: string, spec: ModelSpec, engine: Engine, session: Session) {
  yield { phase: "read the weights", done: 0, total: 1, unit: "models" };
  const folder = await openModelFolder(readerOf(spec, session));
  const tokeniser = tokeniserOf(folder);
  const bert = createBert(folder.config, folder.tensors);
  const twin = createBert(folder.config, initialiseBert(folder.config));
  const loaded: Loaded = {
    key,
    name: nameOf(spec),
    folder,
    tokeniser,
    bert,
    twin,
    engine: `${engine.kind}: ${engine.description}`,
    dispose() {
      bert.dispose();
      twin.dispose();
    },
  };
  return loaded;
}

/** Weights made for other places see mostly [UNK]; beyond this share of the cells they are refused. */
const MAX_UNKNOWN_SHARE = 0.5;

/** Checks that the model's vocabulary writes the data set's cells. */
function encode({ tokeniser, name }: Loaded, { cells, name: data }: Dataset): CellPieces {
  if (tokeniser.resolution !== cells.resolution) {
    throw new FootfallError(
      "weights-mismatch",
      `the weights of ${name} read cells of resolution ${tokeniser.resolution}, ${data} has cells of resolution ${cells.resolution}`,
    );
  }
  const pieces = tokeniser.encodeCells(cells);
  const { offsets, tokens } = pieces;
  let unknown = 0;
  for (let n = 0; n + 1 < offsets.length; n++) if (tokens[offsets[n]!] === UNK) unknown++;
  if (unknown <= MAX_UNKNOWN_SHARE * cells.hi.length) return pieces;
  throw new FootfallError(
    "weights-mismatch",
    `the weights of ${name} know ${cells.hi.length - unknown} of the ${cells.hi.length} cells of ${data}: they were made for other places; open the folder that was tokenised together with them`,
  );
}

/**
 * The model of a spec on the session's engine, kept between jobs. Throws "missing-file", "bad-file" and
 * "weights-mismatch", the last also where the weights were made for other places than the data set's.
 */
export async function* openModel(
  spec: ModelSpec,
  dataset: Dataset,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, OpenModel, void> {
  throwIfStopped(signal);
  const engine = await session.engine();
  const key = modelKey(spec);
  const loaded = yield* keep(session, `model ${key}`, () => load(key, spec, engine, session));
  const pieces = yield* keep(session, `pieces ${key} of ${dataset.key}`, async function* () {
    yield { phase: "write the cells in tokens", done: 0, total: 1, unit: "vocabularies" };
    return encode(loaded, dataset);
  });
  return { ...loaded, pieces };
}
