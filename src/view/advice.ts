import type { ErrorCode } from "../core/errors";

/** What to do about each way in which Footfall refuses to go on: one sentence, shown under the error's own. */
export const ADVICE = {
  "bad-input": "Change the setting that is named here, then run the step again.",
  "bad-file":
    "Check that the file is whole and of the kind that its name says, or correct how it is read.",
  "missing-column": "Choose the column that holds it, or add one to the file and open it again.",
  "missing-file": "Open the files or the folder that holds it.",
  "no-data":
    "Loosen the filters (the table of rules says where it went), open data with more points, or a layer that lies where the data lie.",
  "no-gpu":
    "Leave ?backend=webgpu out of the address to run on the processor, or use a recent Chrome or Edge.",
  "no-webgl":
    "Turn on hardware acceleration or try a recent browser; every number stands in the tables.",
  "device-lost": "Run the step again: the graphics processor is opened anew.",
  "out-of-memory":
    "Close other tabs, or choose a smaller country, fewer cells, a smaller model or fewer trajectories a pass, then run the step again.",
  "no-space":
    "Remove data that you no longer need (Your data…), or import fewer files, then run the step again.",
  "token-out-of-range":
    "Open the tokens and the weights of the same run: their vocabularies differ.",
  "weights-mismatch":
    "Open weights that were trained on the tokens of this data set and do what this step asks for.",
  busy: "Pause or stop it there, or wait until it is done, then run the step again.",
  stopped: "Run the step again when you want its result.",
  "not-finite": "Lower the learning rate or lengthen the warm-up; the last checkpoint is whole.",
  "worker-failed":
    "Run the step again; if it fails again, reload the page or try ?backend=wasm in the address.",
} satisfies Record<ErrorCode, string>;
