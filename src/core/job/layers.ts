import { FootfallError } from "../errors";
import type { LayerFile, LayerHints, LayerTools, TruthChoice } from "../truth/layer-types";
import { filesKey, findFile } from "./files";
import type { NamedFile, Session } from "./session";

/** A layer and what is asked of it. */
export interface LayerSpec {
  kind: "layer";
  /** Its files: of `files`, of the data set's folder, or (one GeoTIFF) an address of the page's own server. */
  paths: string[];
  /** The files themselves, where they do not lie in the data set's folder. */
  files?: NamedFile[];
  /** Default: what a look at the layer suggests. */
  choice?: TruthChoice;
  /** What a first look got wrong; it stands over the choice. */
  hints?: LayerHints;
}

/** "layers/people.tif" is a file; "/layers/people.tif" and "https://..." are addresses. */
const isAddress = (path: string): boolean => path.startsWith("/") || /^https?:/.test(path);

async function openAddress(path: string, { openRange }: Session): Promise<LayerFile> {
  if (openRange) return { path, range: await openRange(path) };
  throw new FootfallError(
    "bad-input",
    `${path}: addresses cannot be read here; give the file itself`,
  );
}

/** The files of a layer. Throws "missing-file", "bad-input". */
export function findLayer(
  { paths, files }: Pick<LayerSpec, "paths" | "files">,
  folder: { files: readonly NamedFile[]; name: string },
  session: Session,
): Promise<LayerFile[]> {
  return Promise.all(
    paths.map(async (path) => {
      const given = files?.find((file) => file.path === path);
      if (given) return given;
      if (isAddress(path)) return openAddress(path, session);
      return { path, blob: findFile(folder.files, path, folder.name) };
    }),
  );
}

/** What the layers need of the session. */
export const layerTools = ({ readSqlWasm }: Session, signal: AbortSignal): LayerTools => ({
  signal,
  readSqlWasm,
});

/** Says the same for the same files and choice. */
export function layerKey({ paths, files, choice, hints }: LayerSpec): string {
  return `${paths.join(" ")} ${filesKey(files ?? [])} ${JSON.stringify([choice, hints])}`;
}
