import { openEngine } from "../../../core/gpu/engine";
import { pageThreads } from "../../../core/gpu/threads/page-threads";
import { createBert, encode, scoreTokens } from "../../../core/model/bert";
import { initialiseBert } from "../../../core/model/parameters";
import { createPace } from "../../../core/pace";
import { PRESETS } from "../../../core/train/config";
import { createLayout } from "../../../core/train/layout";
import { maskedObjective } from "../../../core/train/objectives/masked";
import { Trainer, startState } from "../../../core/train/trainer";
import type { ModelAsk, ModelBackend } from "../model/ask";
import type { OpenRunner, Runner } from "./model";
import { makeConfig, makeRows, sampleOf } from "./model";

type Work = Omit<Runner, "description">;

function openForward(ask: ModelAsk): Work {
  const config = makeConfig(ask);
  const [bert, rows] = [createBert(config, initialiseBert(config)), makeRows(ask)];
  const logitsOf = async (): Promise<Float32Array> => {
    const hidden = encode(bert, rows); // [BT, C]
    const logits = scoreTokens(bert, hidden); // [BT, V]
    try {
      return await logits.data<"float32">();
    } finally {
      hidden.dispose();
      logits.dispose();
    }
  };
  return {
    check: async () => sampleOf(await logitsOf()),
    run: async () => void (await logitsOf()),
  };
}

function openStep(ask: ModelAsk): Work {
  const [config, rows] = [makeConfig(ask), makeRows(ask)];
  const layout = createLayout(config);
  const state = startState(layout, initialiseBert(config));
  const trainer = new Trainer(layout, maskedObjective, PRESETS.small, state);
  const pace = createPace(undefined, Infinity);
  let step = 0;
  const take = () => trainer.step([rows], { learningRate: 1e-3, step: ++step }, pace);
  return {
    check: async () => {
      const { loss, norm } = await take();
      return [loss, norm];
    },
    run: async () => void (await take()),
  };
}

const WASM = "./tfjs/tfjs-backend-wasm-simd.wasm";

const threading = pageThreads({
  cores: navigator.hardwareConcurrency,
  start: () => new Worker("./helper.js", { type: "module" }),
  readWasm: async () => new Uint8Array(await (await fetch(WASM)).arrayBuffer()),
});

/** Opens the engine of the product. */
export const openOwnEngine = (backend: ModelBackend, threads?: number) =>
  openEngine({ backend, wasmPaths: "./tfjs/", threading, threads });

export const openFootfall: OpenRunner = async (ask) => {
  const { description } = await openOwnEngine(ask.backend, ask.threads);
  return { description, ...(ask.task === "forward" ? openForward(ask) : openStep(ask)) };
};
