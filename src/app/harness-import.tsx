import { useEffect, useMemo, useState, type JSX } from "react";
import { createRandom } from "../core/random";
import type { DatasetResult } from "../core/job/dataset";
import { DEFAULT_IMPORT } from "../core/job/import-rules";
import type { InspectResult } from "../core/job/inspect";
import type { RulesResult } from "../core/job/rules";
import type { NamedFile, Session } from "../core/job/session";
import { createStore } from "../core/job/store.testing";
import { runJob, type Job, type ResultOf } from "../core/jobs";
import type { RulesSpec } from "../notebook/steps/rules";
import FilesFigure from "../view/import/FilesFigure";
import ImportedData from "../view/import/ImportedData";
import RulesFigure from "../view/import/RulesFigure";
import type { Basemap } from "../view/map/basemap";
import { PageContext } from "../view/page-context";
import "../view/page.css";

const SEED = 123;
const FIRST_MS = Date.UTC(2023, 4, 1); // Japan has three holidays in this week
const STEP_MS = 240_000;

/** Made-up people around Tokyo for some days: at home, at work by day, some way around both. */
function madeUpRows(people: number): string[] {
  const random = createRandom(SEED, "harness import");
  return Array.from({ length: people }, (_, p) => {
    const home = [35.66 + random.normal() * 0.05, 139.65 + random.normal() * 0.07];
    const count = 100 + random.integer(1600);
    return Array.from({ length: count }, (__, i) => {
      const ms = FIRST_MS + i * STEP_MS;
      const isDay = (ms / 3_600_000 + 9) % 24 > 9 && (ms / 3_600_000 + 9) % 24 < 18;
      const [lat, lng] = isDay ? [35.685, 139.76] : home;
      const way = i % 9 === 0 ? 0.02 : 0.0005;
      const [y, x] = [lat! + random.normal() * way, lng! + random.normal() * way];
      return `p${p},${new Date(ms).toISOString()},${y.toFixed(5)},${x.toFixed(5)},${i % 90}`;
    });
  }).flat();
}

/** A file with rows that cannot be used, one whose places are the wrong way round, and one that is none. */
function madeUpFiles(): NamedFile[] {
  const rows = madeUpRows(60);
  const broken = ["p1,never,35.6,139.7,1", "p2,2023-05-02T05:00:00Z,95,139.7,2", "p3,2023-05-0"];
  const swapped = rows.slice(0, 300).map((row) => {
    const [who, when, lat, lng] = row.split(",");
    return `${who},${when},${lng},${lat}`;
  });
  const file = (path: string, lines: readonly string[]): NamedFile => ({
    path,
    blob: new Blob([lines.join("\n")]),
  });
  return [
    file("walks.csv", ["person,time,lat,lon,battery", ...rows, ...broken]),
    file("swapped.csv", ["person,time,lat,lon", ...swapped]),
    { path: "picture.csv", blob: new Blob([Uint8Array.of(0x89, 0x50, 0x4e, 0x47)]) },
  ];
}

const session: Session = {
  readAsset: async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer()),
  engine: () => Promise.reject(new Error("no figure here needs an engine")),
  kept: new Map(),
  store: { ...createStore().store, isLasting: () => Promise.resolve(true) },
};

async function run<J extends Job>(job: J): Promise<ResultOf<J>> {
  const work = runJob(job, session, new AbortController().signal);
  for (;;) {
    const next = await work.next();
    if (next.done) return next.value;
  }
}

/** The outcome of a job of the real code on the made-up files; undefined until it is there. */
function useOutcome<J extends Job>(job: J): ResultOf<J> | undefined {
  const [outcome, setOutcome] = useState<ResultOf<J>>();
  useEffect(() => void run(job).then((found) => setOutcome(() => found)), [job]);
  return outcome;
}

const FILES = madeUpFiles();
const WALKS = FILES.slice(0, 1);
const RULES: RulesSpec = { ...DEFAULT_IMPORT, minCheckIns: 60, calendar: "guess" };
const DROPS_MUCH: RulesSpec = { ...RULES, minCheckIns: 400 };
const INSPECT = { kind: "inspect", files: FILES, read: {} } as const;
const LOOK = { kind: "rules", files: WALKS, read: {}, rules: DROPS_MUCH } as const;
const IMPORT = {
  kind: "import",
  id: "walks",
  name: "walks.csv",
  files: WALKS,
  read: {},
  rules: RULES,
  seed: SEED,
} as const;

const SAME = { inputs: {}, isSimulated: false, isStale: false, onChange: () => undefined };

interface HarnessProps {
  basemap: Promise<Basemap>;
}

function Page({ basemap, children }: HarnessProps & { children: JSX.Element }): JSX.Element {
  const page = useMemo(() => ({ basemap, isTest: true }), [basemap]);
  return <PageContext value={page}>{children}</PageContext>;
}

/** What files are, before anything is read whole. */
function ImportFiles(props: HarnessProps): JSX.Element | null {
  const outcome: InspectResult | undefined = useOutcome(INSPECT);
  if (!outcome) return null;
  return (
    <Page {...props}>
      <FilesFigure {...SAME} spec={{ files: "walks", read: {} }} outcome={outcome} />
    </Page>
  );
}

/** Rules that take more than half, with points, check-ins and days off. */
function ImportRules(props: HarnessProps): JSX.Element | null {
  const outcome: RulesResult | undefined = useOutcome(LOOK);
  if (!outcome) return null;
  return (
    <Page {...props}>
      <RulesFigure {...SAME} spec={DROPS_MUCH} outcome={outcome} />
    </Page>
  );
}

/** People as they were imported. */
function ImportPeople(props: HarnessProps): JSX.Element | null {
  const outcome: DatasetResult | undefined = useOutcome(IMPORT);
  if (!outcome) return null;
  return (
    <Page {...props}>
      <ImportedData
        {...SAME}
        spec={{ source: "stored", id: "walks", name: "walks.csv" }}
        outcome={outcome}
      />
    </Page>
  );
}

const FIGURES = { files: ImportFiles, rules: ImportRules, people: ImportPeople };

/** The views of an import: the files, the rules, the people. */
export default function ImportFigure(
  props: HarnessProps & { name: keyof typeof FIGURES },
): JSX.Element {
  const Figure = FIGURES[props.name];
  return <Figure {...props} />;
}
