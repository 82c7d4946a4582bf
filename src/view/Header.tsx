import { lazy, Suspense, useState, type JSX, type ReactNode } from "react";
import { ADVICE } from "./advice";
import type { FootfallError } from "../core/errors";
import { engineSentence, type MachineReport } from "./engine-words";
import { ThemeSwitch, type ThemeChoice } from "./ThemeSwitch";
import { Button } from "./ui/Button";
import { formatCounted } from "./words";

const CapabilityPanel = lazy(() => import("./CapabilityPanel"));

/** The shipped notebooks, each with what its button says. */
const NOTEBOOKS = [
  ["masking", "What does masking teach?"],
  ["adaptation", "Adaptation"],
  ["papers", "The papers"],
] as const;
type ShippedName = (typeof NOTEBOOKS)[number][0];

export interface HeaderProps {
  /** Undefined while the engine is being opened. */
  machine: MachineReport | undefined;
  /** Why there is no engine. */
  machineError: FootfallError | undefined;
  /** An engine was asked for in the address. */
  isForced: boolean;
  browser: readonly (readonly [what: string, value: string])[];
  isSimulated: boolean;
  /** Name of the user's own data; undefined for a shipped notebook. */
  folder: string | undefined;
  /** Which shipped notebook is open; undefined for the user's own data. */
  shipped: ShippedName | undefined;
  /** The panel of the user's data; undefined while it is closed. */
  yourData: ReactNode;
  onYourData: (isOpen: boolean) => void;
  /** Addresses outside its own origin that the page has asked for. */
  strangers: number;
  /** Opens a shipped notebook. */
  onShipped: (name: ShippedName) => void;
  theme: ThemeChoice;
  onTheme: (theme: ThemeChoice) => void;
}

function EngineLine({ machine, machineError, isForced }: HeaderProps): JSX.Element {
  if (machineError !== undefined) {
    return (
      <span className="engine-line failed" role="alert" data-engine="none">
        {machineError.message}. {ADVICE[machineError.code]}
      </span>
    );
  }
  return (
    <span className="engine-line" data-engine={machine?.engine ?? "opening"}>
      {machine === undefined ? "Opening the engine …" : engineSentence(machine, isForced)}
    </span>
  );
}

/** What this machine offers; the code comes when somebody looks. */
function MachineDetails({ machine, browser }: HeaderProps): JSX.Element {
  const [wasOpened, setOpened] = useState(false);
  return (
    <details className="machine" onToggle={() => setOpened(true)}>
      <summary>This machine</summary>
      {wasOpened && (
        <Suspense fallback={<p className="panel">Looking at this machine …</p>}>
          <CapabilityPanel report={machine} browser={browser} />
        </Suspense>
      )}
    </details>
  );
}

/** What this is, where it computes, whose data it shows, and the few things that concern the whole page. */
export function Header(props: HeaderProps): JSX.Element {
  const { folder, shipped } = props;
  return (
    <header className="page-header">
      <div className="masthead">
        <p className="product">
          <strong>Footfall</strong> learns places from how people move; everything on this page is
          computed on your machine.
        </p>
        <div className="page-tools">
          {folder !== undefined && (
            <Button onClick={() => props.onShipped("masking")}>Close these data</Button>
          )}
          {NOTEBOOKS.filter(([name]) => name !== (shipped ?? "masking")).map(([name, text]) => (
            <Button key={name} onClick={() => props.onShipped(name)}>
              {text}
            </Button>
          ))}
          <details
            className="machine"
            open={props.yourData !== undefined}
            onToggle={({ currentTarget }) => props.onYourData(currentTarget.open)}
            onKeyDown={({ key, currentTarget }) => {
              if (key !== "Escape" || !currentTarget.open) return;
              currentTarget.querySelector("summary")?.focus();
              props.onYourData(false);
            }}
          >
            <summary className="button">Your data…</summary>
            {props.yourData}
          </details>
          <ThemeSwitch value={props.theme} onChange={props.onTheme} />
        </div>
      </div>
      <div className="page-state">
        {shipped !== "papers" && (
          <span className="badge">
            {props.isSimulated ? "simulated people" : `people of ${folder ?? "a folder"}`}
          </span>
        )}
        <EngineLine {...props} />
        <span
          className={props.strangers === 0 ? "quiet" : "engine-line failed"}
          data-requests={props.strangers}
          title="Counted by the browser since the page was opened; its policy refuses every other address."
        >
          {props.strangers === 0
            ? "0 requests left this page"
            : `${formatCounted(props.strangers, "request")} tried to leave this page`}
        </span>
        <MachineDetails {...props} />
      </div>
    </header>
  );
}
