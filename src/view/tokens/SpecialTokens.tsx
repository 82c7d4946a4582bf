import { useEffect, useState, type JSX } from "react";
import type { StagesResult } from "../../core/job/stages";
import type { VocabularyJob, VocabularyResult } from "../../core/job/vocabulary";
import { MAX_USER_TOKENS, NO_EXTRAS, type ExtraChoice } from "../../core/token/extras";
import { SPECIAL_TOKENS } from "../../core/token/tokeniser";
import { toVocabulary } from "../../notebook/steps/tokens";
import { ADVICE } from "../advice";
import { useAnswer } from "../asking";
import { RunningLine } from "../RunningLine";
import { saveFile } from "../save-file";
import { Button } from "../ui/Button";
import { CheckBox } from "../ui/CheckBox";
import { NumberField } from "../ui/NumberField";
import { Table } from "../ui/Table";
import { formatBytes, formatCounted } from "../words";
import { costOf, extraRows } from "./extra-words";
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

interface ExtrasProps {
  extras: ExtraChoice;
  onChange: (extras: ExtraChoice) => void;
}

/** People who get a token when the switch is turned. */
const USERS = 100;

/** The two switches, and what a model with user tokens gives away. */
function ExtraSwitches({ extras, onChange }: ExtrasProps): JSX.Element {
  const { users, times } = extras;
  return (
    <div className="extra-tokens">
      <CheckBox
        isChecked={users > 0}
        onChange={(isOn) => onChange({ ...extras, users: isOn ? USERS : 0 })}
      >
        a token for each of the most active people
      </CheckBox>
      {users > 0 && (
        <NumberField
          label="People with a token of their own"
          value={users}
          min={1}
          max={MAX_USER_TOKENS}
          onChange={(count) => onChange({ ...extras, users: count! })}
        />
      )}
      <CheckBox
        isChecked={times === "week"}
        onChange={(isOn) => onChange({ ...extras, times: isOn ? "week" : "none" })}
      >
        a token of the hour of the week before each check-in
      </CheckBox>
      {users > 0 && (
        <p className="note" data-part="user-token-privacy">
          A model trained with these knows {formatCounted(users, "person", "people")} by number:
          whoever has its file can ask where they go. Hiding cells with few people does not protect
          them.
        </p>
      )}
    </div>
  );
}

/** The special tokens with ids and roles, their names in the file, extra ones if asked for, and the file (TK-07). */
export function SpecialTokens({ outcome }: { outcome: StagesResult }): JSX.Element {
  const { made, tokeniser, resolution } = outcome;
  const answer = useAnswer<VocabularyJob>(`${made.data} ${tokeniser} ${resolution}`);
  const [names, setNames] = useState<readonly string[]>(SPECIAL_TOKENS);
  const [extras, setExtras] = useState(NO_EXTRAS);
  const { state, result } = answer;
  useEffect(() => {
    if (result === undefined) return;
    const json = new Uint8Array(result.json);
    saveFile("tokenizer.json", new Blob([json], { type: "application/json" }));
  }, [result]);
  const isUsual = SPECIAL_TOKENS.every((usual, id) => names[id] === usual);
  return (
    <div className="study" data-part="special-tokens">
      <ExtraSwitches extras={extras} onChange={setExtras} />
      <div data-table="special-tokens">
        <Table
          label="Special tokens"
          head={["id", "token", "what it is for", "name in the file"]}
          rows={[
            ...SPECIAL_TOKENS.map((usual, id) => [
              String(id),
              <code key="token">{usual}</code>,
              SPECIAL_ROLES[usual],
              <NameField
                key="name"
                role={usual}
                name={names[id] ?? ""}
                onChange={(name) => setNames(names.with(id, name))}
              />,
            ]),
            ...extraRows(extras, outcome.vocabularySize).map(([ids, text, ...rest]) => [
              ids,
              <code key="token">{text}</code>,
              ...rest,
            ]),
          ]}
          numeric={[0]}
        />
      </div>
      <div className="button-row">
        <Button
          kind="primary"
          disabled={state.kind === "running"}
          onClick={() => answer.start(toVocabulary(names, extras))}
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
      <p className="note" data-part="token-cost">
        {costOf(outcome, extras)}
      </p>
      <p className="note">
        The file loads in Hugging Face tokenizers. Ids stay as they are: weights know a token by its
        id, the names are yours. The papers’ models have no tokens for people or times, and a model
        cannot use what it was not trained with: the pre-training step has the same two switches
        under its settings.
      </p>
    </div>
  );
}
