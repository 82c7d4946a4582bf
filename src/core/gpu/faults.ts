import { FootfallError } from "../errors";

/** Errors of a graphics device reach nobody who waits for a result: they are kept here until somebody looks. */
export interface Faults {
  /** The first error since the last look, undefined without one. What was computed since then is worthless. */
  take(): FootfallError | undefined;
}

const oneLine = (message: string): string => message.split("\n")[0]!.trim();

function toFault(error: GPUError): FootfallError {
  const isMemory = error.constructor.name === "GPUOutOfMemoryError";
  return isMemory
    ? new FootfallError("out-of-memory", "the graphics card has no more memory", { cause: error })
    : new FootfallError(
        "worker-failed",
        `the graphics card refused a piece of work: ${oneLine(error.message)}`,
        { cause: error },
      );
}

/** Listens to a device's errors that no scope catches. */
export function watchFaults(device: GPUDevice): Faults {
  let first: FootfallError | undefined;
  device.addEventListener("uncapturederror", (event) => {
    first ??= toFault((event as GPUUncapturedErrorEvent).error);
  });
  return {
    take() {
      const found = first;
      first = undefined;
      return found;
    },
  };
}

/** WebAssembly has no more addresses; a larger number would be cut to its lower half. */
const ADDRESSES = 2 ** 32;

/** What tfjs takes its memory by. */
export interface Allocator {
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/** Memory of WebAssembly that cannot grow gives the address 0, where tfjs would write all the same: refuses it. */
export function refuseNullAddress(wasm: Allocator): void {
  wasm._free(wasm._malloc(16)); // the first call puts the real function in its own place
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => {
    const address = bytes < ADDRESSES ? allocate(bytes) : 0;
    if (address !== 0 || bytes === 0) return address;
    const megabytes = Math.ceil(bytes / 1e6).toLocaleString("en");
    throw new FootfallError("out-of-memory", `WebAssembly has no room for another ${megabytes} MB`);
  };
}
