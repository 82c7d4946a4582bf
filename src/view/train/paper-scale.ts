import type { PretrainProbeResult } from "../../core/job/pretrain-probe";
import { OPERATIONS_PER_PARAMETER, PAPER_SCALE } from "../../notebook/pretrain-settings";
import { formatCount, formatMeasure } from "../words";

/** One amount of the papers, or of the reader: what it is, how fast it goes here, and how long it takes. */
export interface ScaleRow {
  readonly what: string;
  /** Such as "25,000 tokens". */
  readonly inASecond: string;
  readonly seconds: number;
}

/** What the reader asks about. */
export interface Wanted {
  /** Billions. */
  readonly tokens: number;
  /** Millions. */
  readonly parameters: number;
}

/** The largest model of paper 3 on as many tokens as paper 1's saw. */
export const FIRST_WANTED: Wanted = {
  tokens: PAPER_SCALE.tokens / 1e9,
  parameters: PAPER_SCALE.parameters / 1e6,
};

/** How fast the paper trained, and how this device stands to it. */
export function paperRateText(paperSeconds: number): string {
  const { tokens, hours } = PAPER_SCALE;
  const times = paperSeconds / (3600 * hours);
  const beside =
    times >= 1
      ? `${formatMeasure(times)} times as many as this device would with that model`
      : `this device would have ${formatMeasure(1 / times)} times as many with that model`;
  return `Paper 1 took about ${hours} hours on two V100: ${formatCount(tokens / (3600 * hours))} tokens a second, ${beside}.`;
}

/** What the papers' amounts would take on this device, by what was measured; empty where nothing could be timed. */
export function scaleRows(result: PretrainProbeResult, wanted: Wanted): ScaleRow[] {
  const { perOperation, paperSeconds, pointsPerSecond, models, tokensPerStep } = result;
  if (perOperation === undefined || paperSeconds === undefined) return [];
  const tokensRow = (what: string, tokens: number, rate: number): ScaleRow => {
    const inASecond = `${rate < 100 ? formatMeasure(rate) : formatCount(rate)} tokens`;
    return { what, inASecond, seconds: tokens / rate };
  };
  const own = models[0]?.secondsPerStep;
  const perToken = OPERATIONS_PER_PARAMETER * wanted.parameters * 1e6 * perOperation;
  return [
    ...(pointsPerSecond === undefined
      ? []
      : [
          {
            what: "53 billion points to check-ins, on one thread",
            inASecond: `${formatCount(pointsPerSecond)} points`,
            seconds: PAPER_SCALE.points / pointsPerSecond,
          },
        ]),
    tokensRow(
      "40 billion tokens (of 17 million trajectories), the paper’s model",
      PAPER_SCALE.tokens,
      PAPER_SCALE.tokens / paperSeconds,
    ),
    ...(own === undefined
      ? []
      : [tokensRow("as many, the model as set", PAPER_SCALE.tokens, tokensPerStep / own)]),
    tokensRow(
      `${formatCount(wanted.tokens)} billion tokens, ${formatCount(wanted.parameters)} million parameters`,
      wanted.tokens * 1e9,
      1 / perToken,
    ),
  ];
}
