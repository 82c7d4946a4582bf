import type { JSX } from "react";
import { formatCounted } from "../words";

/** Of an adapted model the encoder serves; its head answers one question and guesses no cells. */
export default function AdaptedNote({ answers }: { answers: readonly string[] }): JSX.Element {
  const said =
    answers.length > 3 ? formatCounted(answers.length, "class", "classes") : answers.join(", ");
  return (
    <p className="finding" data-adapted={answers.length}>
      Adapted to one question ({said}): its encoder serves embeddings, maps and tables here. Its
      head answers that question alone (<code>footfall forward</code> asks it), so it guesses no
      hidden places and has no perplexity.
    </p>
  );
}
