import type { LngLat } from "./shapes";

/** A small label on the map, HTML over the canvas: sharp, in the page's font, reachable by keyboard. */
export interface Marker {
  readonly id: string;
  readonly place: LngLat;
  /** Panel it stands in; default all. */
  readonly panel?: string;
  /** What is written; "" draws a bare dot. */
  readonly text: string;
  /** What a screen reader says; default the text. */
  readonly label?: string;
  /** Looks: a numbered check-in, the chosen one, another hidden one, a guess, the truth, plain text. */
  readonly look: "check-in" | "masked" | "hidden" | "guess" | "truth" | "text";
  /** Where the label stands to its place; default "centre". */
  readonly side?: "centre" | "above" | "below" | "left" | "right";
  /** Metres around the place that the label leaves free, e.g. the radius of its cell; default 9 pixels. */
  readonly clearM?: number;
  /** With this the marker is a button. */
  readonly onChoose?: (() => void) | undefined;
}
