import type { MachineReport } from "./engine-words";

/** What the browser offers beside the engine. */
export interface BrowserGifts {
  readonly hasWebgl: boolean;
  /** A storage of its own for data and runs. */
  readonly hasStorage: boolean;
}

function trainingSentence({ engine, threads }: MachineReport): string {
  if (engine === "webgpu") return "Models run and are trained on the graphics processor.";
  if (engine === "cpu")
    return "Models run in plain JavaScript: good for a check, too slow to train.";
  const how = threads > 1 ? `${threads} threads` : "one thread";
  return `Models run and the small presets can be trained on the processor, with ${how}.`;
}

/** What will work here and what will not, before anything is tried: one sentence each. */
export function whatWorks(report: MachineReport, { hasWebgl, hasStorage }: BrowserGifts): string[] {
  return [
    hasWebgl
      ? "Maps are drawn."
      : "Maps cannot be drawn without WebGL 2; every number stands in the tables.",
    trainingSentence(report),
    "How large a model can be trained, and how long it takes, the step that trains says before it begins.",
    hasStorage
      ? "Imported data, runs and sweeps are kept in this browser until you remove them."
      : "This browser gives the page no storage: imported data, runs and sweeps go with the tab.",
    ...(report.isCrossOriginIsolated
      ? []
      : [
          "The server does not isolate the page, so threads cannot share memory: it works, slower.",
        ]),
  ];
}
