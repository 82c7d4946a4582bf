import type { OurPerplexities } from "../../papers/results";
import type { ExperimentName, ExperimentSettings } from "../../task/experiments/names";
import type { Reading } from "../../task/experiments/readings";
import type { DatasetSpec } from "../dataset";
import type { ModelSpec } from "../model";
import type { Report, Session } from "../session";

/** What an experiment is asked for. */
export interface ExperimentChoice {
  experiment: ExperimentName;
  dataset: DatasetSpec;
  /** The model that is asked; experiments that pre-train their own need none. */
  model?: ModelSpec;
  settings: ExperimentSettings;
  seed: number;
}

/** A part of an experiment that runs at a stretch; between two of them it can go on another day. */
export interface Unit {
  readonly key: string;
  /** What is done, for the page. */
  readonly words: string;
  /** Work beside the other units'. */
  readonly weight: number;
  run(signal: AbortSignal): AsyncGenerator<Report, Reading[], void>;
}

/** An experiment whose data and models are open. */
export interface ExperimentWork {
  readonly units: readonly Unit[];
  /** What was counted of the data, one sentence each. */
  readonly facts: readonly string[];
  /** What was found out on the way, such as a task that these data cannot have. */
  readonly notes?: ReadonlySet<string>;
  readonly data: { readonly key: string; readonly name: string };
  readonly model: string | undefined;
  readonly engine: string;
  /** Seconds that a weight of one takes here, measured on a small part. */
  time(signal: AbortSignal): AsyncGenerator<Report, number, void>;
  /** What the verdict needs beside the readings. */
  perplexities?(readings: readonly Reading[]): OurPerplexities;
}

/** The seeds of an experiment's runs. */
export const seedsFrom = (seed: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => seed + i);

/** The engine in a few words. */
export async function describeEngine(session: Session): Promise<string> {
  const { kind, description } = await session.engine();
  return `${kind}: ${description}`;
}
