/** Every way in which Footfall refuses to go on. The page has one sentence of advice for each. */
export type ErrorCode =
  | "bad-input" // an argument or a document that does not say what it must
  | "bad-file" // a file that cannot be read as what it claims to be
  | "missing-column" // a table without a column that the step needs
  | "missing-file" // a folder without a file that it must hold
  | "no-data" // nothing left after the filters
  | "no-gpu" // no WebGPU adapter, or only a software one, where one was asked for
  | "no-webgl" // maps cannot be drawn
  | "device-lost" // the GPU was taken away in the middle of a job
  | "out-of-memory"
  | "no-space" // the browser's storage is full
  | "token-out-of-range" // a token id outside the vocabulary; tfjs would be silently wrong
  | "weights-mismatch" // weights that do not fit the configuration or the tokens
  | "not-finite" // training met a value that is no number; the state before is kept
  | "busy" // another tab does what only one may do at a time
  | "stopped" // the user, or a newer run, stopped the job
  | "worker-failed"; // the worker died without a word

/**
 * The one error class. `message` is one sentence: where, what was expected, what came, what to do.
 * `cause` keeps the error underneath.
 */
export class FootfallError extends Error {
  override readonly name = "FootfallError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Any thrown value as a FootfallError; a stranger keeps its message and becomes `fallback`. */
export function toFootfallError(thrown: unknown, fallback: ErrorCode): FootfallError {
  if (thrown instanceof FootfallError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new FootfallError(fallback, message, { cause: thrown });
}

/** Throws "stopped" once the signal is aborted; called between the pieces of long work. */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new FootfallError("stopped", "stopped before the end");
}
