import { FootfallError } from "../errors";
import { toRecord, type ConfigJson } from "./config-fields";

/** What Hugging Face calls a BERT with a head that answers a task. */
export const LABEL_ARCHITECTURE = "BertForSequenceClassification";

/** True where the folder's head answers a task and guesses no tokens. */
export const isAdapted = ({ architectures }: ConfigJson): boolean =>
  Array.isArray(architectures) && architectures.includes(LABEL_ARCHITECTURE);

/** Why an adapted model cannot say which cell is hidden. */
export const guessesNoCells = (): FootfallError =>
  new FootfallError(
    "weights-mismatch",
    "these weights were adapted to answer a question and have no head that guesses cells; open the model that they were adapted from",
  );

/** Names of the answers, in their order. Throws "weights-mismatch" where there are none. */
export function readAnswers(json: ConfigJson): string[] {
  const names = Object.entries(toRecord(json["id2label"]))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, name]) => String(name));
  if (names.length > 0) return names;
  throw new FootfallError(
    "weights-mismatch",
    `config.json: "id2label" names no answers; expected the folder of a ${LABEL_ARCHITECTURE}`,
  );
}
