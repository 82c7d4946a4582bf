import type { CSSProperties, JSX } from "react";
import { formatCount, formatCounted } from "../words";

/** One cell of the matrix. */
export interface Confusion {
  readonly truth: number;
  readonly guess: number;
}

interface ConfusionMatrixProps {
  /** counts[true * K + guessed], [K, K]. */
  counts: Uint32Array;
  names: readonly string[];
  /** Whose answers these are. */
  title: string;
  /** Of which places this is told, in half a sentence. */
  about: string;
  chosen: Confusion | undefined;
  /** The same again takes the choice back. */
  onChoose: (chosen: Confusion | undefined) => void;
}

/** So many classes are told apart: more would be no table. */
const MOST = 12;

/** The classes that are most often true or guessed, in their own order. */
function shownClasses({ counts, names }: Pick<ConfusionMatrixProps, "counts" | "names">): number[] {
  const K = names.length;
  const sizes = names.map((_, k) => {
    let size = 0;
    for (let j = 0; j < K; j++) size += counts[k * K + j]! + counts[j * K + k]!;
    return size;
  });
  return [...names.keys()]
    .filter((k) => sizes[k]! > 0)
    .toSorted((a, b) => sizes[b]! - sizes[a]!)
    .slice(0, MOST)
    .toSorted((a, b) => a - b);
}

/** What was taken for what on the maps; a cell of it shows its hexagons on the maps. */
export function ConfusionMatrix(props: ConfusionMatrixProps): JSX.Element {
  const { counts, names, title, about, chosen, onChoose } = props;
  const K = names.length;
  const shown = shownClasses(props);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const covered = shown.reduce(
    (sum, k) => sum + shown.reduce((row, j) => row + counts[k * K + j]!, 0),
    0,
  );
  const most = Math.max(1, ...counts);
  const isChosen = (truth: number, guess: number): boolean =>
    chosen?.truth === truth && chosen.guess === guess;
  const cell = (truth: number, guess: number): JSX.Element => {
    const count = counts[truth * K + guess]!;
    if (count === 0) return <span className="quiet">·</span>;
    const said = `${formatCounted(count, "place")} of ${names[truth]} guessed as ${names[guess]}`;
    return (
      <button
        type="button"
        aria-label={said}
        aria-pressed={isChosen(truth, guess)}
        style={{ "--share": count / most } as CSSProperties}
        onClick={() => onChoose(isChosen(truth, guess) ? undefined : { truth, guess })}
      >
        {formatCount(count)}
      </button>
    );
  };
  return (
    <figure className="confusion" data-figure="confusion" data-drawn="true">
      <figcaption>
        {title}: what was taken for what; {about}. Choose a number to see its places alone on the
        maps.
        {covered < total &&
          ` ${formatCounted(total - covered, "place")} of rarer classes are left out here.`}
      </figcaption>
      <div className="table-box">
        <table aria-label={`Confusion matrix: ${title}`}>
          <thead>
            <tr>
              <th scope="col">true ↓ guessed →</th>
              {shown.map((k) => (
                <th key={k} scope="col">
                  <span>{names[k]}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((truth) => (
              <tr key={truth}>
                <th scope="row">{names[truth]}</th>
                {shown.map((guess) => (
                  <td key={guess} className={truth === guess ? "is-right" : undefined}>
                    {cell(truth, guess)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
