import type { EngineKind } from "./options";
import type { OpenedProcessor } from "./processor";
import { countCores } from "./processor";
import { wasmApi } from "./web-assembly";

/** What WebGPU's adapter says of itself. */
export interface AdapterReport {
  readonly description: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  /** A program on the processor instead of a graphics card. */
  readonly isSoftware: boolean;
  readonly hasHalf: boolean;
  readonly hasSubgroups: boolean;
  readonly hasTimestamps: boolean;
  readonly limits: Readonly<Record<string, number>>;
}

/** Bytes of one buffer that a shader can see, at most; 0 where the adapter does not tell. */
export function bufferBytesOf({ limits }: Pick<AdapterReport, "limits">): number {
  const { maxBufferSize = 0, maxStorageBufferBindingSize = 0 } = limits;
  return Math.min(maxBufferSize, maxStorageBufferBindingSize);
}

/** A plain object that tells what this machine can do, to be shown and copied. */
export interface Capabilities {
  readonly engine: EngineKind;
  /** Undefined where there is no WebGPU or no adapter. */
  readonly adapter: AdapterReport | undefined;
  readonly isCrossOriginIsolated: boolean;
  readonly hasSimd: boolean;
  /** Undefined where they are not told (Node 20). */
  readonly cores: number | undefined;
  /** Threads of the wasm engine; 0 where it is not open. */
  readonly threads: number;
}

/** A module of one function that counts the bits of a vector: valid where SIMD is there. */
const SIMD_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
  253, 98, 11,
]);

/** Collects the report. `processor` is what was opened, undefined on webgpu. */
export function readCapabilities(
  engine: EngineKind,
  adapter: AdapterReport | undefined,
  processor: OpenedProcessor | undefined,
): Capabilities {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  return {
    engine,
    adapter,
    isCrossOriginIsolated: crossOriginIsolated === true,
    hasSimd: wasmApi.validate(SIMD_PROBE),
    cores: countCores(),
    threads: engine === "wasm" ? (processor?.threads ?? 1) : 0,
  };
}
