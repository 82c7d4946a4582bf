import type { JSX } from "react";
import { THIRD_NAMES, type Bivariate, type BivariateAxis } from "../map/bivariate";
import { BIVARIATE } from "../map/color-tables";
import { formatShare, formatValue } from "../map/format";

/** What a third of an axis holds: "low, to 12%". */
function thirdWords({ thirds, sides, format = formatValue }: BivariateAxis, third: number): string {
  if (sides) return sides[third === 0 ? 0 : 1];
  const [first, second] = thirds.map(format);
  const range = [`to ${first}`, `to ${second}`, `over ${second}`][third]!;
  return `${THIRD_NAMES[third]}, ${range}`;
}

/** Dark colours take light ink; BIVARIATE's second diagonal and what is above it are dark. */
const isDark = (color: number): boolean => Math.floor(color / 3) + (color % 3) >= 2;

/** The square of a bivariate map's colours, with the share of the cells in each: a table for those who do not see it. */
export function SquareLegend({ panel, axes, counts, summary }: Bivariate): JSX.Element {
  const [first, second] = axes;
  const columns = first.sides ? [0, 2] : [0, 1, 2];
  const total = counts.reduce((sum, count) => sum + count, 0);
  const square = (color: number): JSX.Element => (
    <td
      key={color}
      className={isDark(color) ? "is-dark" : undefined}
      style={{ background: `rgb(${BIVARIATE[color]!.join(" ")})` }}
    >
      {total > 0 && formatShare(counts[color]! / total)}
    </td>
  );
  return (
    <table className="square-legend" aria-label={`Legend: ${summary}`}>
      <caption>{panel.title}</caption>
      <thead>
        <tr>
          <th scope="col">
            {second.name} ↑ {first.name} →
          </th>
          {columns.map((a) => (
            <th key={a} scope="col">
              {thirdWords(first, a)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[2, 1, 0].map((b) => (
          <tr key={b}>
            <th scope="row">{thirdWords(second, b)}</th>
            {columns.map((a) => square(3 * a + b))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
