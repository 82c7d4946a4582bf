import { compareTables, WHY_NOT, type ComparedTable } from "../papers/comparison";
import { updateConfidence, type UpdatedConfidence } from "../papers/confidence";
import { appDefaults } from "../papers/defaults";
import { computeErrata, type CheckedErratum } from "../papers/errata";
import { FACTS, LIMITS, REGISTER, RELATED } from "../papers/facts";
import type { Fact, Limit, RegisterEntry, RelatedWork } from "../papers/facts";
import { computeGains, type Gain } from "../papers/gains";
import { defineMetrics, type MetricDefinition } from "../papers/metric-definitions";
import { PAPER_MAP, type MapEntry } from "../papers/paper-map";
import type { PaperPart } from "../papers/parts";
import {
  BASELINE_SIZES,
  HYPER_PARAMETERS,
  type BaselineSize,
  type HyperParameter,
} from "../papers/published";
import { answerChecks, type QuickCheck } from "../papers/quick-checks";
import { joinResults, NO_RESULTS, readResults, type OurResults } from "../papers/results";
import { SENSITIVE_INFERENCE } from "../papers/sensitive";
import { PAPERS, type Paper } from "../papers/sources";
import { judgeAll, type Verdict } from "../papers/verdict";
import { decodeLand } from "../world/land";
import { DEFAULT_IMPORT } from "./import-rules";
import { toMade, type Made, type NamedFile, type Report, type Session } from "./session";

/** Asks for a part of what is known of the papers, held against some files of results. */
export interface PapersJob {
  kind: "papers";
  part: PaperPart;
  results: readonly NamedFile[];
}

interface PartResults {
  verdict: {
    /** Whose results the claims were held against; empty for nobody's. */
    about: string;
    verdicts: Verdict[];
    confidence: UpdatedConfidence[];
    warning: string;
  };
  numbers: {
    about: string;
    tables: ComparedTable[];
    whyNot: string;
    gains: Gain[];
    baselines: readonly BaselineSize[];
    hyperParameters: readonly HyperParameter[];
    facts: readonly Fact[];
  };
  errata: { errata: CheckedErratum[] };
  register: {
    register: readonly RegisterEntry[];
    /** What the code has now, by the names that the register uses. */
    defaults: Readonly<Record<string, number | string>>;
    limits: readonly Limit[];
  };
  map: { entries: readonly MapEntry[] };
  reading: {
    papers: readonly Paper[];
    related: readonly RelatedWork[];
    metrics: readonly MetricDefinition[];
    checks: readonly QuickCheck[];
  };
}

/** A part with its name and provenance. */
export type PapersResult = {
  [P in PaperPart]: { part: P; made: Made } & PartResults[P];
}[PaperPart];

/** The result of one part. */
export type PartResult<P extends PaperPart> = Extract<PapersResult, { part: P }>;

async function openResults(files: readonly NamedFile[]): Promise<OurResults> {
  if (files.length === 0) return NO_RESULTS;
  const texts = files.map(async ({ path, blob }) => readResults(await blob.text(), path));
  return joinResults(await Promise.all(texts));
}

async function showVerdict(files: readonly NamedFile[]): Promise<PartResults["verdict"]> {
  const results = await openResults(files);
  const verdicts = judgeAll(results);
  const confidence = updateConfidence(verdicts);
  return { about: results.about, verdicts, confidence, warning: SENSITIVE_INFERENCE };
}

async function showNumbers(files: readonly NamedFile[]): Promise<PartResults["numbers"]> {
  const results = await openResults(files);
  return {
    about: results.about,
    tables: compareTables(results),
    whyNot: WHY_NOT,
    gains: computeGains(),
    baselines: BASELINE_SIZES,
    hyperParameters: HYPER_PARAMETERS,
    facts: FACTS,
  };
}

async function showErrata(session: Session): Promise<PartResults["errata"]> {
  const land = decodeLand(await session.readAsset("data/land-r8.bin"));
  return { errata: computeErrata(land.cells) };
}

async function show({ part, results }: PapersJob, session: Session, made: Made) {
  switch (part) {
    case "verdict":
      return { part, made, ...(await showVerdict(results)) };
    case "numbers":
      return { part, made, ...(await showNumbers(results)) };
    case "errata":
      return { part, made, ...(await showErrata(session)) };
    case "register": {
      const defaults = appDefaults(DEFAULT_IMPORT.resolution);
      return { part, made, register: REGISTER, defaults, limits: LIMITS };
    }
    case "map":
      return { part, made, entries: PAPER_MAP };
    case "reading":
      return {
        part,
        made,
        papers: PAPERS,
        related: RELATED,
        metrics: defineMetrics(),
        checks: answerChecks(),
      };
    default:
      throw part satisfies never;
  }
}

/** Reads what is kept of the papers and runs the small computations that belong to it. */
export async function* runPapers(
  job: PapersJob,
  session: Session,
): AsyncGenerator<Report, PapersResult, void> {
  const startedAt = performance.now();
  yield { phase: "read the papers", done: 0, total: 1, unit: "parts" };
  const data = job.results.map(({ path }) => path).join(", ") || "the papers’ texts";
  const shown = await show(job, session, toMade(startedAt, { seed: undefined, data }));
  return { ...shown, made: toMade(startedAt, { seed: undefined, data }) };
}
