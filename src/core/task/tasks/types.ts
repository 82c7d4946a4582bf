import type { DayKind } from "../../data/holidays";
import type { Trajectories } from "../../data/trajectories";
import type { CellTable } from "../../geo/cells";
import type { LayerTruth } from "../../truth/layer-types";
import type { Places } from "../coordinates";
import type { MetricName } from "./metric-names";

/** What a truth of the cells stands for; "layer" is any layer that the user asks about. */
export const TRUTH_ROLES = [
  "population",
  "prefecture",
  "region",
  "municipality",
  "builtUp",
  "trees",
  "water",
  "crops",
  "layer",
] as const;
export type TruthRole = (typeof TRUTH_ROLES)[number];

/** What a role is called where it is missing. */
export const ROLE_WORDS: Readonly<Record<TruthRole, string>> = {
  population: "a layer of people per cell",
  prefecture: "a polygon layer of districts (any level of administration, such as prefectures)",
  region: "a polygon layer of larger districts (such as regions)",
  municipality: "a polygon layer of municipality classes (such as city, town, village)",
  builtUp: "a land-cover layer for the share of built-up land",
  trees: "a land-cover layer for the share of trees",
  water: "a land-cover layer for the share of water",
  crops: "a land-cover layer for the share of grass and crops",
  layer: "a layer of your own",
};

/** Where in time a check-in begins. */
export interface LocalDay {
  /** Days since 1970 by the local clock. */
  readonly day: number;
  readonly kind: DayKind;
}

/** People, places and what is known of the places: what every task is made from. */
export interface TaskData {
  readonly cells: CellTable;
  readonly centres: Places; // [N]
  readonly trajectories: Trajectories;
  /** Trajectories of the test part: none of them was seen in pre-training (paper 1, A.1.2). */
  readonly test: Uint32Array;
  /** Those of the training part: what counting rivals may learn from. */
  readonly train: Uint32Array;
  readonly truths: Readonly<Partial<Record<TruthRole, LayerTruth>>>;
  /** The local day of check-in i of `trajectories.checkIns`. */
  dayOf(checkIn: number): LocalDay;
  /** Whose weekends and holidays count, in words. */
  readonly calendarWords: string;
}

/** The true answers of n examples. */
export type Labels =
  | {
      readonly kind: "classes";
      readonly classes: Int32Array; // [n]
      readonly names: readonly string[]; // [K]
      /** True where class 3 lies nearer to class 4 than to class 9, such as deciles. */
      readonly isOrdered: boolean;
    }
  | {
      readonly kind: "numbers";
      readonly targets: Float32Array; // [n, D]
      readonly names: readonly string[]; // [D]
      /** Set where the two targets are degrees north and east of this place. */
      readonly centre?: readonly [lat: number, lng: number];
    }
  | { readonly kind: "cells"; readonly cells: Uint32Array /* [n] */ };

/** One example before it is written in tokens. */
export interface Item {
  /** Cells of each part of the input: one part, or two for tasks about pairs. */
  readonly parts: readonly ArrayLike<number>[];
  /** The cell that says where the example lies: itself, or the one most often visited. */
  readonly home: number;
  /** Whose example it is: the number of a cell or of a trajectory. */
  readonly of: number;
  /** Place in `Drawable.groups`. */
  readonly group?: number;
  /** What a rule without a model reads off the example; see `Task.rule`. */
  readonly hint?: number;
}

/** All examples of a task that could be drawn, with their labels. */
export interface Drawable {
  /** What is counted: "cells", "trajectories", "pairs". */
  readonly unit: string;
  /** How many there are. */
  readonly count: number;
  item(n: number): Item;
  /** Labels of some of them, in their order. */
  label(rows: Uint32Array): Labels;
  /** Numbers of those that have a label. */
  readonly usable: Uint32Array;
  /** How the true answer of one of them came to be, with its own numbers: "home: Tokyo; away on 2023-05-03 ...". */
  explain?(n: number): string;
  /** Kinds of examples that are also scored apart, such as hard negatives. */
  readonly groups?: readonly string[];
  /** What else must be said, such as a truth that covers a tenth of the cells. */
  readonly notes: readonly string[];
}

/** Choices of a task that the page offers. */
export interface TaskOptions {
  /** Share of the trajectory that is shown before the destination, 0.1 to 0.9; paper 2: a quarter. */
  readonly shown: number;
  readonly seed: number;
}

export type TaskName =
  | "location"
  | "population"
  | "prefecture"
  | "region"
  | "municipality"
  | "built-up"
  | "trees"
  | "water"
  | "layer"
  | "diversity"
  | "trip-length"
  | "travel-prefecture"
  | "travel-region"
  | "greenery"
  | "greenery-grass"
  | "greenery-dwell"
  | "destination"
  | "follows"
  | "same-user";

/** A question that a model is adapted to, as plain data. */
export interface TaskFacts {
  readonly name: TaskName;
  readonly title: string;
  /** A cell, or a month (or a part of one) of a person's cells. */
  readonly input: "region" | "trajectory";
  readonly answer: Labels["kind"];
  /** Of the numbers asked for; empty for classes. */
  readonly unit: string;
  /** Where the papers have it: "paper 1, Table 2". */
  readonly source: string;
  /** Number of the table in paper 1. */
  readonly table?: number;
  /** How the true answer is made, in plain words. */
  readonly formula: string;
  readonly needs: readonly TruthRole[];
  /** In the order of the paper's columns, then ours. */
  readonly metrics: readonly MetricName[];
  /** Decides which epoch is best, and by which rows are compared. */
  readonly headline: MetricName;
  /** How a rule without a model answers from `Item.hint`. */
  readonly rule?: string;
  /** The task of the paper that this one reads in another way; `evaluate --all` leaves it out. */
  readonly variantOf?: TaskName;
  /** True where the input is two parts, to be compared. */
  readonly isPair?: boolean;
  /** True where pre-training is expected not to help (paper 1, 4.1). */
  readonly isNegativeControl?: boolean;
}

export interface Task extends TaskFacts {
  /** Throws "missing-file" for a truth that is not there and "no-data" for one that has nothing to tell. */
  prepare(data: TaskData, options: TaskOptions): Drawable;
}
