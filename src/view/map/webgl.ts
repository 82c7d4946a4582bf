import { FootfallError } from "../../core/errors";

let known: boolean | undefined;

/** True where this browser draws WebGL 2; asked once, and the trial context is given back. */
export function hasWebgl(): boolean {
  if (known !== undefined) return known;
  const context = document.createElement("canvas").getContext("webgl2");
  known = context !== null;
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return known;
}

/** The sentence for a page without maps. */
export function noWebglError(cause?: unknown): FootfallError {
  return new FootfallError(
    "no-webgl",
    "This browser draws no WebGL 2, so the map is missing; its values are in the table below.",
    { cause },
  );
}
