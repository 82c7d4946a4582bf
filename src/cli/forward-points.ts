import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeNpy } from "../core/data/columnar/npy";
import { FootfallError } from "../core/errors";
import type { FolderReader } from "../core/model/folder";
import { openGptFolder } from "../core/model/gpt/folder";
import type { Places } from "../core/model/gpt/forward";
import { runPoints } from "../core/model/gpt/forward";
import { createGpt } from "../core/model/gpt/gpt";
import type { CommandInput, CommandOutcome } from "./command";
import { openNodeEngine, readEnginePlan } from "./engine";
import { readJsonFile } from "./json-file";
import { writeFolder } from "./output";
import { showing } from "./run";
import { requiredText } from "./values";

const isPlace = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every((degrees) => Number.isFinite(degrees));

/** Windows as `[[[116.3, 39.9], ...], ...]`. Throws "bad-input" with the place of the first wrong point. */
function toWindows(json: unknown, path: string): Places[] {
  const windows: unknown[] = Array.isArray(json) ? json : [];
  if (windows.length === 0) {
    throw new FootfallError(
      "bad-input",
      `${path}: expected windows of points, [[[longitude, latitude], ...], ...]`,
    );
  }
  return windows.map((window, n) => {
    const points: unknown[] = Array.isArray(window) ? window : [window];
    const wrong = points.findIndex((point) => !isPlace(point));
    if (Array.isArray(window) && wrong < 0) return window as Places;
    const found = JSON.stringify(points[wrong]);
    throw new FootfallError(
      "bad-input",
      `${path}: window ${n}, point ${wrong}: expected [longitude, latitude], found ${found}`,
    );
  });
}

/** `footfall forward` of a GPT on points. */
export async function forwardPoints(
  reader: FolderReader,
  input: CommandInput,
): Promise<CommandOutcome> {
  const startedAt = performance.now();
  const path = requiredText(input.values, "input", "a JSON file of points");
  const out = requiredText(input.values, "out", "the folder to write");
  const folder = await openGptFolder(reader);
  const windows = toWindows(await readJsonFile(path), path);
  const engine = await openNodeEngine(readEnginePlan(input.values));
  if (engine.reason !== undefined) input.note(engine.reason);
  const gpt = createGpt(folder.config, folder.tensors);
  try {
    const C = folder.config.width;
    const { B, T, hidden, next } = await showing(
      runPoints(gpt, windows, input.signal),
      input.progress,
    );
    await writeFolder(out, async (place) => {
      await writeFile(join(place, "hidden.npy"), writeNpy(hidden, [B, T, C]));
      await writeFile(join(place, "next.npy"), writeNpy(next, [B, T, 2]));
    });
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    const model = { model: folder.name, backend: engine.kind, engine: engine.description };
    return {
      document: {
        ...model,
        box: folder.config.box,
        hidden: [B, T, C],
        next: [B, T, 2],
        out,
        seconds,
      },
      lines: [
        `hidden.npy [${B}, ${T}, ${C}] and next.npy [${B}, ${T}, 2] in ${out}`,
        `on ${engine.kind} (${engine.description}), ${seconds} s`,
      ],
    };
  } finally {
    gpt.dispose();
    engine.dispose();
  }
}
