import { RIVALS, type Rival } from "../train/gpt/rivals";

/** Who says where somebody will be: a model, or a rule that needs none. */
export const GUESSERS = ["model", ...RIVALS] as const;
export type Guesser = "model" | Rival;
