import type { JSX } from "react";
import type { Made } from "../core/job/session";
import { usePage } from "./page-context";
import { formatSeconds } from "./words";

/** What made the numbers of a step: one click away. */
export function Provenance({ made }: { made: Made }): JSX.Element {
  const { isTest } = usePage();
  const rows: [string, string | undefined][] = [
    ["seed", made.seed?.toString()],
    ["data", made.data],
    ["model", made.model],
    ["engine", made.engine],
    ["took", isTest ? "(clock fixed)" : formatSeconds(made.seconds)],
  ];
  return (
    <details className="provenance">
      <summary>How these numbers were made</summary>
      <dl>
        {rows.map(([term, value]) =>
          value === undefined ? null : (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </details>
  );
}

/** The provenance that every result carries, where there is one. */
export function madeOf(outcome: unknown): Made | undefined {
  return (outcome as { made?: Made } | undefined)?.made;
}
