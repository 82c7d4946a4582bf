import type { JSX, ReactNode } from "react";

interface FactsProps {
  /** What and how much; an undefined value is left out. */
  facts: readonly (readonly [what: string, value: ReactNode])[];
}

/** A few numbers with their names, in a row that wraps. */
export function Facts({ facts }: FactsProps): JSX.Element {
  return (
    <dl className="facts">
      {facts.map(([what, value]) =>
        value === undefined ? null : (
          <div key={what} data-fact={what}>
            <dt>{what}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
