import * as tf from "@tensorflow/tfjs-core";
import { limitTensors } from "./banks";
import type { AdapterReport } from "./capabilities";
import { watchFaults, type Faults } from "./faults";
import { bufferBytesOf } from "./capabilities";

/** What the standard says since 2024 and the declarations that tfjs pins do not know yet. */
type NamedAdapter = GPUAdapter & {
  readonly info: GPUAdapterInfo & { readonly isFallbackAdapter?: boolean };
};

/** An adapter with its report. */
export interface FoundAdapter {
  readonly adapter: NamedAdapter;
  readonly report: AdapterReport;
}

export interface OpenedWebGpu {
  readonly device: GPUDevice;
  readonly adapter: AdapterReport;
  /** Bytes of one buffer that a shader can see, at most. */
  readonly bufferBytes: number;
  readonly faults: Faults;
}

/** Software implementations by the names that they report. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp/i;

function describe(info: GPUAdapterInfo): string {
  const parts = [info.description, info.vendor, info.architecture, info.device];
  const words = parts.filter((part) => part !== "");
  return words.length === 0 ? "an adapter that does not tell its name" : words.join(" ");
}

/** True where the "graphics adapter" is a program on the processor. */
export function isSoftware(adapter: NamedAdapter): boolean {
  const old = (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter; // where it stood before 2025
  return (
    adapter.info.isFallbackAdapter === true || old === true || SOFTWARE.test(describe(adapter.info))
  );
}

/** Limits that decide which model fits and how it is cut into dispatches. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupsPerDimension",
] as const;

function readLimits(limits: GPUSupportedLimits): Record<string, number> {
  return Object.fromEntries(LIMITS.map((name) => [name, limits[name]]));
}

function reportAdapter(adapter: NamedAdapter): AdapterReport {
  const { vendor, architecture, device } = adapter.info;
  return {
    description: describe(adapter.info),
    vendor,
    architecture,
    device,
    isSoftware: isSoftware(adapter),
    hasHalf: adapter.features.has("shader-f16"),
    hasSubgroups: adapter.features.has("subgroups"),
    hasTimestamps: adapter.features.has("timestamp-query"),
    limits: readLimits(adapter.limits),
  };
}

/** The best adapter on offer; both undefined where there is none. Opens nothing. */
export async function findAdapter(): Promise<{ gpu?: GPU; adapter?: FoundAdapter }> {
  const { navigator } = globalThis as { navigator?: { gpu?: GPU } };
  const gpu = navigator?.gpu;
  if (gpu === undefined || gpu === null) return {};
  const adapter = (await gpu
    .requestAdapter({ powerPreference: "high-performance" })
    .catch(() => null)) as NamedAdapter | null;
  return adapter === null ? { gpu } : { gpu, adapter: { adapter, report: reportAdapter(adapter) } };
}

/** A device without optional features, with the limits that the adapter has; the caller destroys it. */
export function openDevice({ adapter }: FoundAdapter): Promise<GPUDevice> {
  return adapter.requestDevice({ requiredLimits: readLimits(adapter.limits) });
}

/**
 * Opens the device ourselves (tfjs reads features of a null adapter and never looks at `lost`) and hands it
 * to tfjs. No feature is required; limits are raised to what the adapter has. The backend is imported here
 * so that pages without WebGPU do not load it.
 * @param most bytes of one buffer, where that is less than the adapter takes
 */
export async function openWebGpu(found: FoundAdapter, most = Infinity): Promise<OpenedWebGpu> {
  const { adapter, report } = found;
  const device = await openDevice(found);
  const faults = watchFaults(device);
  const [{ WebGPUBackend }, { describeDevice, installGpuKernels }] = await Promise.all([
    import("@tensorflow/tfjs-backend-webgpu"),
    import("./kernels/webgpu/install"),
  ]);
  const bufferBytes = Math.min(most, bufferBytesOf(report));
  describeDevice(device, { isSoftware: report.isSoftware, bufferBytes });
  if (tf.engine().registryFactory["webgpu"] !== undefined) tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", () => new WebGPUBackend(device, adapter.info), 3);
  await tf.setBackend("webgpu");
  limitTensors(bufferBytes);
  installGpuKernels(report);
  return { device, adapter: report, bufferBytes, faults };
}
