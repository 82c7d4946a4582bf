import { useEffect, useMemo, useRef, useState, type JSX } from "react";
import { toFootfallError, type FootfallError } from "../core/errors";
import { Header } from "../view/Header";
import { hasWebgl, noWebglError } from "../view/map/webgl";
import { Notebook } from "../view/Notebook";
import { PageContext, type PageFacts } from "../view/page-context";
import { hasSimulatedPeople } from "../view/page-order";
import { PageNotice } from "../view/PageNotice";
import type { ThemeChoice } from "../view/ThemeSwitch";
import type { RunJob } from "../worker/channel";
import { fetchBasemap } from "./basemap";
import { readDroppedFolder, readPickedFolder, type OpenedFolder } from "./open-folder";
import { watchReadiness } from "./readiness";
import { openFolder, openShipped, type Session } from "./session";
import type { Switches } from "./switches";
import { applyThemeChoice, readThemeChoice } from "./theme-choice";
import { useFolderDrop } from "./use-folder-drop";
import { useMachine } from "./use-machine";

interface AppProps {
  switches: Switches;
  run: RunJob;
}

/** The open session, its readiness for tests, and how to change to another. */
function useSession(options: {
  run: RunJob;
  seed: number;
}): [Session | undefined, (make: () => Session) => void] {
  const [session, setSession] = useState<Session>();
  const current = useRef<Session>(undefined);
  const change = (make: () => Session): void => {
    const next = make();
    current.current?.notebook.dispose();
    current.current = next;
    setSession(next);
  };
  useEffect(() => {
    change(() => openShipped(options));
    return () => current.current?.notebook.dispose();
    // oxlint-disable-next-line react/exhaustive-deps -- the shipped notebook opens once
  }, []);
  useEffect(() => (session ? watchReadiness(session.notebook) : undefined), [session]);
  return [session, change];
}

function browserFacts(): [string, string][] {
  return [
    ["WebGL 2 (maps)", hasWebgl() ? "yes" : "no"],
    ["browser", navigator.userAgent],
    ["Footfall", `${import.meta.env.MODE} build`],
  ];
}

/** The page: header, notices, notebook. */
export function App({ switches, run }: AppProps): JSX.Element {
  const { seed, isTest, backend } = switches;
  const machine = useMachine(run);
  const [session, change] = useSession({ run, seed });
  const [error, setError] = useState<FootfallError>();
  const [theme, setTheme] = useState<ThemeChoice>(readThemeChoice);
  const page = useMemo<PageFacts>(() => ({ basemap: fetchBasemap(), isTest }), [isTest]);
  const browser = useMemo(() => browserFacts(), []);

  const open = (reading: Promise<OpenedFolder>): void => {
    reading
      .then((folder) => change(() => openFolder(folder, { run, seed })))
      .then(() => setError(undefined))
      .catch((thrown: unknown) => setError(toFootfallError(thrown, "bad-file")));
  };
  const isOver = useFolderDrop((entry) => open(readDroppedFolder(entry)));
  const folder = session?.folder?.name;

  return (
    <PageContext value={page}>
      <Header
        machine={machine.report}
        machineError={machine.error}
        isForced={backend !== undefined}
        browser={browser}
        isSimulated={session === undefined || hasSimulatedPeople(session.notebook.store.getState())}
        folder={folder}
        onFolder={(files) => open(Promise.resolve().then(() => readPickedFolder(files)))}
        onShipped={() => change(() => openShipped({ run, seed }))}
        theme={theme}
        onTheme={(choice) => {
          applyThemeChoice(choice);
          setTheme(choice);
        }}
      />
      {error && <PageNotice error={error} onClose={() => setError(undefined)} />}
      {!hasWebgl() && <PageNotice error={noWebglError()} />}
      {session && <Notebook key={folder ?? ""} notebook={session.notebook} />}
      {isOver && (
        <div className="drop-hint">
          <p>Drop the folder to open it. Nothing of it leaves this machine.</p>
        </div>
      )}
    </PageContext>
  );
}
