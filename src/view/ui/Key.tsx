import type { JSX } from "react";

/** One thing that a figure draws, and how. */
export interface KeyItem {
  readonly text: string;
  /** How it is drawn. */
  readonly look: "fill" | "outline" | "line" | "dashed" | "dot";
  /** CSS colour. */
  readonly color: string;
}

/** What lines and outlines of a figure mean. */
export function Key({ items }: { items: readonly KeyItem[] }): JSX.Element {
  return (
    <ul className="key" aria-label="Key">
      {items.map(({ text, look, color }) => (
        <li key={text}>
          <span className={`key-mark key-${look}`} style={{ color }} aria-hidden="true" />
          {text}
        </li>
      ))}
    </ul>
  );
}
