import { useEffect, useState, type JSX } from "react";
import type { StagesResult } from "../../core/job/stages";
import type { VocabularyJob, VocabularyResult } from "../../core/job/vocabulary";
import { SPECIAL_TOKENS } from "../../core/token/tokeniser";
import { toVocabulary } from "../../notebook/steps/tokens";
import { ADVICE } from "../advice";
import { useAnswer } from "../asking";
import { RunningLine } from "../RunningLine";
import { saveFile } from "../save-file";
import { Button } from "../ui/Button";
import { Table } from "../ui/Table";
import { formatBytes, formatCounted } from "../words";
import { SPECIAL_ROLES } from "./lookup-words";

interface NameFieldProps {
  role: string;
  name: string;
  onChange: (name: string) => void;
}

function NameField({ role, name, onChange }: NameFieldProps): JSX.Element {
  return (
    <input
      className="special-name"
      aria-label={`Name of ${role} in the file`}
      spellCheck={false}
      autoComplete="off"
      value={name}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}

function Saved({ saved }: { saved: VocabularyResult }): JSX.Element {
  return (
    <p className="note" role="status">
      tokenizer.json saved: {formatCounted(saved.vocabularySize, "token")},{" "}
      {formatBytes(saved.json.byteLength)}.
    </p>
  );
}

/** The five special tokens with ids and roles, their names in the file, and the file (TK-07). */
export function SpecialTokens({ outcome }: { outcome: StagesResult }): JSX.Element {
  const { made, tokeniser, resolution } = outcome;
  const answer = useAnswer<VocabularyJob>(`${made.data} ${tokeniser} ${resolution}`);
  const [names, setNames] = useState<readonly string[]>(SPECIAL_TOKENS);
  const { state, result } = answer;
  useEffect(() => {
    if (result === undefined) return;
    const json = new Uint8Array(result.json);
    saveFile("tokenizer.json", new Blob([json], { type: "application/json" }));
  }, [result]);
  const isUsual = SPECIAL_TOKENS.every((usual, id) => names[id] === usual);
  return (
    <div className="study" data-part="special-tokens">
      <div data-table="special-tokens">
        <Table
          label="Special tokens"
          head={["id", "token", "what it is for", "name in the file"]}
          rows={SPECIAL_TOKENS.map((usual, id) => [
            String(id),
            <code key="token">{usual}</code>,
            SPECIAL_ROLES[usual],
            <NameField
              key="name"
              role={usual}
              name={names[id] ?? ""}
              onChange={(name) => setNames(names.with(id, name))}
            />,
          ])}
          numeric={[0]}
        />
      </div>
      <div className="button-row">
        <Button
          kind="primary"
          disabled={state.kind === "running"}
          onClick={() => answer.start(toVocabulary(names))}
        >
          Save tokenizer.json
        </Button>
        {!isUsual && <Button onClick={() => setNames(SPECIAL_TOKENS)}>Usual names</Button>}
      </div>
      {state.kind === "running" && <RunningLine state={state} onStop={answer.stop} />}
      {state.kind === "failed" && (
        <p className="run-line failed" role="alert">
          {state.error.message} <span className="advice">{ADVICE[state.error.code]}</span>
        </p>
      )}
      {state.kind === "done" && result && <Saved saved={result} />}
      <p className="note">
        The file loads in Hugging Face tokenizers. Ids stay as they are: weights know a token by its
        id, the names are yours. There are no tokens for users or times: the papers’ models have
        none, and what a model was not trained with it could not use.
      </p>
    </div>
  );
}
