import { FootfallError } from "../errors";
import { toRecord, type ConfigJson } from "./config-fields";

/** What Hugging Face calls a BERT with a head that answers a task. */
export const LABEL_ARCHITECTURE = "BertForSequenceClassification";

/** True where the folder's head answers a task and guesses no tokens. */
export const isAdapted = ({ architectures }: ConfigJson): boolean =>
  Array.isArray(architectures) && architectures.includes(LABEL_ARCHITECTURE);

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
