/** What the page needs of the core's report on this machine; `Capabilities` of core/gpu fits it. */
export interface MachineReport {
  readonly engine: "webgpu" | "wasm" | "cpu";
  readonly adapter:
    | {
        readonly description: string;
        readonly vendor: string;
        readonly architecture: string;
        readonly isSoftware: boolean;
        readonly hasHalf: boolean;
        readonly hasSubgroups: boolean;
        readonly hasTimestamps: boolean;
        readonly limits: Readonly<Record<string, number>>;
      }
    | undefined;
  readonly isCrossOriginIsolated: boolean;
  readonly hasSimd: boolean;
  readonly cores: number | undefined;
  readonly threads: number;
}

const PROCESSOR = { wasm: "WebAssembly", cpu: "plain JavaScript" } as const;

function whyNoGpu({ adapter }: MachineReport, isForced: boolean): string {
  if (isForced) return "Running on the processor because the address asks for it";
  if (adapter === undefined) return "No graphics processor that WebGPU can use: running on the CPU";
  return "WebGPU is only emulated in software here: running on the CPU";
}

/** One sentence: what computes, and why it is not a GPU where it is not. */
export function engineSentence(report: MachineReport, isForced: boolean): string {
  const { engine, adapter, threads, hasSimd } = report;
  if (engine === "webgpu") {
    const name = adapter?.description ?? "an unnamed adapter";
    return adapter?.isSoftware === true
      ? `Running on WebGPU, emulated in software (${name}), because the address asks for it.`
      : `Running on your graphics processor through WebGPU (${name}).`;
  }
  const how: string[] = [PROCESSOR[engine]];
  if (engine === "wasm" && hasSimd) how.push("SIMD");
  if (threads > 1) how.push(`${threads} threads`);
  return `${whyNoGpu(report, isForced)} (${how.join(", ")}).`;
}

const yesNo = (value: boolean): string => (value ? "yes" : "no");

/** The report as rows for a table. */
export function reportRows(report: MachineReport): [what: string, value: string][] {
  const { adapter } = report;
  const gpu: [string, string][] =
    adapter === undefined
      ? [["WebGPU adapter", "none"]]
      : [
          ["WebGPU adapter", adapter.description],
          ["in software", yesNo(adapter.isSoftware)],
          ["half precision in shaders", yesNo(adapter.hasHalf)],
          ["subgroups", yesNo(adapter.hasSubgroups)],
          ["timestamps", yesNo(adapter.hasTimestamps)],
        ];
  return [
    ["engine", report.engine],
    ...gpu,
    ["cores", report.cores === undefined ? "not told" : String(report.cores)],
    ["threads of WebAssembly", String(report.threads)],
    ["SIMD", yesNo(report.hasSimd)],
    ["cross-origin isolated", yesNo(report.isCrossOriginIsolated)],
  ];
}
