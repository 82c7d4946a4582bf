import { useEffect, useId, useRef, useState, type JSX } from "react";
import type { LookupJob, LookupResult } from "../../core/job/lookup";
import type { StagedCheckIn, StagesResult } from "../../core/job/stages";
import { toLookup } from "../../notebook/steps/tokens";
import { ADVICE } from "../advice";
import { useAnswer } from "../asking";
import { RunningLine } from "../RunningLine";
import { Button } from "../ui/Button";
import { HashAnatomy } from "./HashAnatomy";
import { lookupWords } from "./lookup-words";
import { PieceMap } from "./PieceMap";
import { PieceButton } from "./PieceButton";
import { numberedPieces, type NumberedPiece } from "./pieces";

/** A question from outside, such as a click in the piece table; each click is a new object. */
export interface Wanted {
  readonly query: string;
}

interface TokenInspectorProps {
  outcome: StagesResult;
  /** The check-in that is taken apart while nothing is looked up. */
  staged: StagedCheckIn | undefined;
  wanted: Wanted | undefined;
}

function SearchBox({ onFind }: { onFind: (query: string) => void }): JSX.Element {
  const id = useId();
  const [typed, setTyped] = useState("");
  return (
    <form
      className="look-up"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== "") onFind(typed);
      }}
    >
      <label htmlFor={id}>Hexagon, piece or token number</label>
      <input
        id={id}
        type="search"
        spellCheck={false}
        autoComplete="off"
        placeholder="882e601a5dfffff"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <button type="submit" className="button">
        Look up
      </button>
    </form>
  );
}

interface FoundProps {
  result: LookupResult;
  vocabularySize: number;
  onFind: (query: string) => void;
  onClose: () => void;
}

/** The cell's pieces with the resolution that each names, where the answer is a cell. */
function foundPieces({ found, tokeniser, resolution }: LookupResult): readonly NumberedPiece[] {
  return found.kind === "cell" ? numberedPieces(found.pieces, tokeniser, resolution) : [];
}

function Found({ result, vocabularySize, onFind, onClose }: FoundProps): JSX.Element {
  const { found, cells } = result;
  const hash = found.kind === "cell" ? found.hash : undefined;
  const title =
    found.kind === "token" ? `${found.text} (token ${found.id})` : (hash ?? "Hexagons inside");
  return (
    <div data-found={found.kind}>
      <p className="finding" role="status">
        {lookupWords(result, vocabularySize)}{" "}
        {found.kind === "nothing" &&
          found.like.map((piece) => <PieceButton key={piece.id} {...piece} onFind={onFind} />)}
      </p>
      <div className="two-columns">
        {hash !== undefined && (
          <HashAnatomy hash={hash} pieces={foundPieces(result)} onFind={onFind} />
        )}
        {cells.hi.length > 0 && <PieceMap key={title} result={result} title={title} />}
      </div>
      <Button kind="quiet" onClick={onClose}>
        Back to the chosen check-in
      </Button>
    </div>
  );
}

/** From hexagon to string, digits, parents, pieces and ids, and from a piece to all its hexagons (TK-09). */
export function TokenInspector({ outcome, staged, wanted }: TokenInspectorProps): JSX.Element {
  const { tokeniser, resolution, made, vocabularySize } = outcome;
  const answer = useAnswer<LookupJob>(`${made.data} ${tokeniser} ${resolution}`);
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const find = (query: string): void => {
    setOpen(true);
    answer.start(toLookup(query));
  };
  const latest = useRef(find);
  latest.current = find;
  useEffect(() => {
    if (wanted === undefined) return;
    latest.current(wanted.query);
    box.current?.scrollIntoView({ block: "nearest" });
  }, [wanted]);
  const { state, result } = answer;
  return (
    <div ref={box} className="inspector" data-part="inspector">
      <h3>Inspector</h3>
      <SearchBox onFind={find} />
      {state.kind === "running" && <RunningLine state={state} onStop={answer.stop} />}
      {state.kind === "failed" && (
        <p className="run-line failed" role="alert">
          {state.error.message} <span className="advice">{ADVICE[state.error.code]}</span>
        </p>
      )}
      {isOpen && result !== undefined ? (
        <Found {...{ result, vocabularySize }} onFind={find} onClose={() => setOpen(false)} />
      ) : (
        staged && (
          <HashAnatomy
            hash={staged.hash}
            pieces={numberedPieces(staged.pieces, tokeniser, resolution)}
            onFind={find}
          />
        )
      )}
    </div>
  );
}
