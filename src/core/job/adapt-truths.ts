import { FootfallError } from "../errors";
import { createPace, type Progress } from "../pace";
import { TRUTH_ROLES, type TaskData, type TruthRole } from "../task/tasks/types";
import { toTruthChoice } from "../truth/choice";
import type { LayerHints, TruthChoice } from "../truth/layer-types";
import { fingerprint } from "../world/fingerprint";
import { findLayer } from "./layers";
import type { Dataset } from "./open-dataset";
import type { TruthSpecs } from "./open-task-data";
import type { Session } from "./session";

/** A truth that somebody brought, as a manifest names it (RS-04). */
export interface TruthOrigin {
  readonly title: string;
  /** Names of its files, without folders. */
  readonly files: readonly string[];
  /** Of the bytes of its files, whatever they are called. */
  readonly hash: string;
  /** Absent where nothing was chosen: what a look at the layer suggests. */
  readonly choice?: TruthChoice;
  readonly hints?: LayerHints;
}

/** The brought truths of a table by their roles; a role that the simulated country answers is absent. */
export type TruthOrigins = Partial<Record<TruthRole, TruthOrigin>>;

/** Bytes that are hashed between two looks at the clock: a few ms. */
const BLOCK_BYTES = 2 ** 20;

const baseName = (path: string): string => path.split(/[\\/]/).at(-1)!;

/** Says the same for the same bytes in any order and under any names; what is read by ranges counts by its address. */
export async function* hashLayer(
  files: readonly { readonly path: string; readonly blob?: Blob }[],
  signal?: AbortSignal,
): AsyncGenerator<Progress, string, void> {
  const pace = createPace(signal);
  const hashOf = (text: string): string => fingerprint([new TextEncoder().encode(text)]);
  const hashes: string[] = [];
  for (const [done, file] of files.entries()) {
    const blocks: string[] = [];
    const { path, blob } = file;
    const { size } = blob ?? { size: 0 };
    if (blob === undefined) blocks.push(hashOf(path));
    for (let at = 0; at < size; at += BLOCK_BYTES) {
      const block = await blob!.slice(at, at + BLOCK_BYTES).arrayBuffer();
      blocks.push(fingerprint([new Uint8Array(block)]));
      if (pace.due()) await pace.rest();
    }
    hashes.push(hashOf(blocks.join(" ")));
    yield { phase: "hash the layers", done: done + 1, total: files.length, unit: "files" };
  }
  return hashOf(hashes.toSorted().join(" "));
}

/** Names and hashes the brought truths of a table. Throws "missing-file", "stopped". */
export async function* findTruthOrigins(
  specs: TruthSpecs | undefined,
  { dataset, data }: { dataset: Dataset; data: TaskData },
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, TruthOrigins, void> {
  const found: TruthOrigins = {};
  for (const role of TRUTH_ROLES) {
    const [spec, truth] = [specs?.[role], data.truths[role]];
    if (spec?.kind !== "layer" || truth === undefined) continue;
    const { paths, choice, hints } = spec;
    const hash = yield* hashLayer(await findLayer(spec, dataset, session), signal);
    const asked = { ...(choice && { choice }), ...(hints && { hints }) };
    found[role] = { title: truth.title, files: paths.map(baseName), hash, ...asked };
  }
  return found;
}

/** A layer that is at hand when a manifest is run again. */
export interface LayerAtHand<Layer> {
  readonly hash: string;
  /** Names of its files. */
  readonly files: readonly string[];
  readonly layer: Layer;
}

/** What can be restored of a manifest's truths, and what cannot, a sentence each without its full stop. */
export interface Restored<Layer> {
  readonly truths: Partial<Record<TruthRole, { readonly layer: Layer; readonly of: TruthOrigin }>>;
  readonly problems: readonly string[];
}

/** Finds each truth of a manifest among the layers at hand, by its hash. */
export function restoreTruths<Layer>(
  origins: TruthOrigins,
  atHand: readonly LayerAtHand<Layer>[],
): Restored<Layer> {
  const truths: Restored<Layer>["truths"] = {};
  const problems: string[] = [];
  for (const role of TRUTH_ROLES) {
    const of = origins[role];
    if (of === undefined) continue;
    const same = atHand.find(({ hash }) => hash === of.hash);
    const namesake = atHand.find(({ files }) =>
      files.some((name) => of.files.includes(baseName(name))),
    );
    if (same) truths[role] = { layer: same.layer, of };
    else problems.push(lackOf(role, of, namesake?.hash));
  }
  return { truths, problems };
}

function lackOf(role: TruthRole, { files, title, hash }: TruthOrigin, other: string | undefined) {
  const name = files.join(", ");
  return other === undefined
    ? `the manifest’s truth for ${role}, “${title}” of ${name} with the hash ${hash}, is missing here: give that file with it`
    : `the manifest’s truth for ${role} is another ${name}: hash ${hash} there, ${other} here`;
}

const nameOf = (origin: TruthOrigin | undefined): string =>
  origin ? `${origin.hash} (${origin.title})` : "the data’s own";

/** How the truths of a table differ from a manifest's, a sentence each; none for one of an earlier version. */
export function compareTruths(there: TruthOrigins | undefined, here: TruthOrigins = {}): string[] {
  if (there === undefined) return [];
  return TRUTH_ROLES.flatMap((role) => {
    const [then, now] = [there[role], here[role]];
    if (then?.hash !== now?.hash) {
      return [`the truths for ${role} differ: ${nameOf(then)} there, ${nameOf(now)} here`];
    }
    const [before, after] = [then, now].map((one) => JSON.stringify([one?.choice, one?.hints]));
    if (before === after) return [];
    return [`what is asked of the truth for ${role} differs: ${before} there, ${after} here`];
  });
}

/** The truths of a manifest, checked. Throws "bad-file", and "bad-input" for a choice that is none. */
export function checkTruthOrigins(origins: TruthOrigins | undefined, name: string): void {
  for (const [role, origin] of Object.entries(origins ?? {})) {
    const { hash, files, choice } = origin as Partial<TruthOrigin>;
    const isRole = TRUTH_ROLES.some((one) => one === role);
    if (!isRole || typeof hash !== "string" || !Array.isArray(files)) {
      throw new FootfallError(
        "bad-file",
        `${name}: the truth "${role}": expected one of ${TRUTH_ROLES.join(", ")} with its hash and files`,
      );
    }
    if (choice !== undefined) toTruthChoice(choice);
  }
}
