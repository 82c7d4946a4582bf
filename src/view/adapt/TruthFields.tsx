import { use, type JSX } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { ROLE_WORDS, type TaskFacts, type TruthRole } from "../../core/task/tasks/types";
import type { StepDocument } from "../../notebook/document";
import type { AdaptSpec } from "../../notebook/steps/adapt";
import { truthKind } from "../../notebook/steps/truth";
import type { Notebook } from "../../notebook/store";
import { NotebookContext } from "../notebook-context";
import { Select } from "../ui/Select";
import { toChosen } from "./chosen-truths";

interface TruthFieldsProps {
  /** What the truths are for. */
  task: Pick<TaskFacts, "title" | "needs">;
  spec: Pick<AdaptSpec, "truths">;
  isSimulated: boolean;
  onChange: (change: Pick<AdaptSpec, "truths">) => void;
}

/** Nothing is chosen; no step has such an id. */
const NONE = "";

interface RoleFieldProps extends TruthFieldsProps {
  notebook: Notebook;
  role: TruthRole;
  truths: readonly StepDocument[];
}

function RoleField({ notebook, role, truths, spec, isSimulated, onChange }: RoleFieldProps) {
  const own = isSimulated && role !== "layer" ? "the simulated country’s own" : "none yet";
  const choose = (id: string): void => {
    const { [role]: _, ...others } = spec.truths ?? {};
    onChange({ truths: id === NONE ? others : { ...others, [role]: toChosen(notebook, id) } });
  };
  return (
    <Select
      label={`Truth: ${ROLE_WORDS[role]}`}
      value={spec.truths?.[role]?.id ?? NONE}
      options={[
        { value: NONE, text: own },
        ...truths.map(({ id, spec: truth }) => ({
          value: id,
          text: truthKind.toSpec(truth ?? {}).name,
        })),
      ]}
      onChange={choose}
    />
  );
}

/** Where the answers of a task come from; says what is missing and how to add it. */
export function TruthFields(props: TruthFieldsProps): JSX.Element | null {
  const { task, spec, isSimulated } = props;
  const here = use(NotebookContext);
  if (here === undefined || task.needs.length === 0) return null;
  return <Roles {...props} {...{ task, spec, isSimulated }} notebook={here.notebook} />;
}

function Roles(props: TruthFieldsProps & { notebook: Notebook }): JSX.Element | null {
  const { notebook, task, spec, isSimulated } = props;
  const truths = useStore(
    notebook.store,
    useShallow(({ order, authored }) =>
      order.flatMap((id) => (authored[id]?.kind === "truth" ? authored[id] : [])),
    ),
  );
  const isMissing = (role: TruthRole): boolean =>
    spec.truths?.[role] === undefined && (!isSimulated || role === "layer");
  const missing = task.needs.filter(isMissing);
  if (missing.length === 0 && truths.length === 0) return null;
  return (
    <div className="adapt-truths">
      {task.needs.map((role) => (
        <RoleField key={role} {...props} {...{ role, truths }} />
      ))}
      {missing.length > 0 && (
        <p className="note" role="status" data-missing={missing.join(" ")}>
          {task.title} needs {missing.map((role) => ROLE_WORDS[role]).join(" and ")}. Drop such a
          file on this page, or add it by “Add a layer” below all steps, then choose it here.
        </p>
      )}
    </div>
  );
}
