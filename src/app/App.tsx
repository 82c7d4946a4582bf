import { lazy, Suspense, useEffect, useMemo, useState, type JSX } from "react";
import { toFootfallError, type FootfallError } from "../core/errors";
import { Header } from "../view/Header";
import type { Ask } from "../notebook/asking";
import { AskContext } from "../view/asking";
import { hasWebgl, noWebglError } from "../view/map/webgl";
import { Notebook } from "../view/Notebook";
import { PageContext, type PageFacts } from "../view/page-context";
import { hasSimulatedPeople } from "../view/page-order";
import { PageNotice } from "../view/PageNotice";
import type { ThemeChoice } from "../view/ThemeSwitch";
import type { RunJob } from "../worker/channel";
import { fetchBasemap } from "./basemap";
import { dataService } from "./data-service";
import { readDropped, readPicked, type OpenedFolder } from "./open-folder";
import { findStored, openFolder, openShipped, openStored, type Session } from "./session";
import type { Switches } from "./switches";
import { applyThemeChoice, readThemeChoice } from "./theme-choice";
import { tableShelf } from "./table-shelf";
import { trainingService } from "./training-service";
import { useDrop, type DropPlace } from "./use-drop";
import { useMachine } from "./use-machine";
import { useSession } from "./use-session";
import { useStrangers } from "./use-strangers";

const YourDataPanel = lazy(() => import("./YourDataPanel"));

interface AppProps {
  switches: Switches;
  run: RunJob;
}

function browserFacts(): [string, string][] {
  return [
    ["WebGL 2 (maps)", hasWebgl() ? "yes" : "no"],
    ["browser", navigator.userAgent],
    ["Footfall", `${import.meta.env.MODE} build`],
  ];
}

/** The data set of the address, where it names one. */
function firstSession({ data, seed }: Switches, run: RunJob): (() => Promise<Session>) | undefined {
  if (data === undefined) return undefined;
  return async () => {
    const { name, id } = await findStored(data);
    return openStored(name, id, { run, seed });
  };
}

/** Questions of the page itself, which stand on no step. */
function askOf(run: RunJob, seed: number): Ask {
  const nothing = { spec: undefined, inputs: {}, specOf: () => undefined };
  const context = { seed, filesOf: () => [] };
  return (make, signal) => run(make({ ...nothing, context }), signal);
}

/** The first picture comes first. */
const CALM_MS = 3000;

/** Clears away what a tab that was closed in mid-import left. */
function sweepAtStart(): void {
  void import("./import-run").then(({ sweepQuietly }) => sweepQuietly());
}

/** The page: header, notices, notebook. */
export function App({ switches, run }: AppProps): JSX.Element {
  const { seed, isTest, backend, notebook: shipped } = switches;
  const options = { run, seed };
  const machine = useMachine(run);
  const [error, setError] = useState<FootfallError>();
  const onError = (thrown: unknown): void => setError(toFootfallError(thrown, "bad-file"));
  const first = firstSession(switches, run);
  const { session, generation, change } = useSession({ ...options, first, shipped, onError });
  const [theme, setTheme] = useState<ThemeChoice>(readThemeChoice);
  const [isYourDataOpen, setYourDataOpen] = useState(false);
  const page = useMemo<PageFacts>(
    () => ({
      basemap: fetchBasemap(),
      isTest,
      data: dataService,
      training: trainingService,
      tables: tableShelf,
    }),
    [isTest],
  );
  const browser = useMemo(() => browserFacts(), []);
  const ask = useMemo(() => askOf(run, seed), [run, seed]);

  const show = (make: () => Session): void => {
    setYourDataOpen(false);
    change(make);
    setError(undefined);
  };
  const take = async (folder: OpenedFolder, place: DropPlace): Promise<void> => {
    const { takeLayers } = await import("./take-layers");
    const isTaken = session && takeLayers(session.notebook, folder, place);
    if (!isTaken) {
      const { holdsPointModel } = await import("./point-model");
      const isOfPoints = await holdsPointModel(folder.files);
      return show(() => openFolder({ ...folder, isOfPoints }, options));
    }
    setYourDataOpen(false);
    setError(undefined);
  };
  const pick = (files: File[]): void =>
    void Promise.resolve(files)
      .then((picked) => take(readPicked(picked), "page"))
      .catch(onError);
  useEffect(() => {
    const timer = setTimeout(sweepAtStart, CALM_MS);
    return () => clearTimeout(timer);
  }, []);
  const isOver = useDrop(
    (drop) =>
      void readDropped(drop)
        .then((folder) => take(folder, drop.place))
        .catch(onError),
  );
  const own = session?.own;

  return (
    <PageContext value={page}>
      <AskContext value={ask}>
        <Header
          machine={machine.report}
          machineError={machine.error}
          isForced={backend !== undefined}
          browser={browser}
          isSimulated={
            session === undefined || hasSimulatedPeople(session.notebook.store.getState())
          }
          folder={own}
          shipped={session?.shipped}
          onShipped={(name) => show(() => openShipped(name, options))}
          onYourData={setYourDataOpen}
          yourData={
            isYourDataOpen ? (
              <Suspense>
                <YourDataPanel
                  onPick={pick}
                  onClose={() => setYourDataOpen(false)}
                  onOpen={({ name, id }) => show(() => openStored(name, id, options))}
                  onRemoved={(id) => {
                    const isOpen = id === undefined || id === session?.stored;
                    if (isOpen && session?.stored) change(() => openShipped(shipped, options));
                  }}
                />
              </Suspense>
            ) : undefined
          }
          strangers={useStrangers()}
          theme={theme}
          onTheme={(choice) => {
            applyThemeChoice(choice);
            setTheme(choice);
          }}
        />
      </AskContext>
      {error && <PageNotice error={error} onClose={() => setError(undefined)} />}
      {!hasWebgl() && <PageNotice error={noWebglError()} />}
      {session && <Notebook key={generation} notebook={session.notebook} />}
      {isOver && (
        <div className="drop-hint">
          <p>
            {isOver === "layer"
              ? "Drop to add it to this notebook as a layer."
              : "Drop files, a folder or a zip to open them."}{" "}
            Nothing of them leaves this machine.
          </p>
        </div>
      )}
    </PageContext>
  );
}
