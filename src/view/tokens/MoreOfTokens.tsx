import { lazy, Suspense, useState, type JSX, type ReactNode } from "react";
import type { StagedCheckIn, StagesResult } from "../../core/job/stages";
import { TokenInspector, type Wanted } from "./TokenInspector";

// Nothing of this is in the first picture, and most readers open one of them at most.
const ResolutionStudy = lazy(async () => ({
  default: (await import("./ResolutionStudy")).ResolutionStudy,
}));
const TokeniserBench = lazy(async () => ({
  default: (await import("./TokeniserBench")).TokeniserBench,
}));
const WindowStudy = lazy(async () => ({ default: (await import("./WindowStudy")).WindowStudy }));
const RarePlaces = lazy(async () => ({ default: (await import("./RarePlaces")).RarePlaces }));
const SpecialTokens = lazy(async () => ({
  default: (await import("./SpecialTokens")).SpecialTokens,
}));

/** A fold whose content is made when it is first opened, and then stays: what was measured is kept. */
function Fold({ title, children }: { title: string; children: ReactNode }): JSX.Element {
  const [wasOpen, setWasOpen] = useState(false);
  return (
    <details
      className="fold"
      onToggle={({ currentTarget }) => currentTarget.open && setWasOpen(true)}
    >
      <summary>{title}</summary>
      {wasOpen && <Suspense fallback={<p className="note">Loading…</p>}>{children}</Suspense>}
    </details>
  );
}

export interface MoreOfTokensProps {
  outcome: StagesResult;
  isSimulated: boolean;
  /** The check-in that the reader chose. */
  staged: StagedCheckIn | undefined;
  /** What the reader clicked in the piece table. */
  wanted: Wanted | undefined;
}

/** What else can be asked about tokens; nothing of it runs by itself. */
export function MoreOfTokens(props: MoreOfTokensProps): JSX.Element {
  const { outcome, isSimulated, staged, wanted } = props;
  return (
    <>
      <TokenInspector outcome={outcome} staged={staged} wanted={wanted} />
      <div className="folds">
        <Fold title="Resolutions side by side">
          <ResolutionStudy outcome={outcome} isSimulated={isSimulated} />
        </Fold>
        <Fold title="Tokenisers side by side">
          <TokeniserBench outcome={outcome} />
        </Fold>
        <Fold title="Windows of time side by side">
          <WindowStudy outcome={outcome} isSimulated={isSimulated} />
        </Fold>
        <Fold title="Rare and unseen places">
          <RarePlaces outcome={outcome} />
        </Fold>
        <Fold title="Special tokens and tokenizer.json">
          <SpecialTokens outcome={outcome} />
        </Fold>
      </div>
    </>
  );
}
