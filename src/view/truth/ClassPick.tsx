import { useId, useState, type JSX } from "react";
import type { LayerPreview, PolygonChoice, TruthChoice } from "../../core/truth/layer-types";
import { CheckBox } from "../ui/CheckBox";
import { TextField } from "../ui/TextField";
import { chosenClasses, classOptions, columnOf, readClassTable, writeClassTable } from "./choice";

/** What every part of the controls gets. */
export interface PartProps<Choice extends TruthChoice> {
  preview: LayerPreview;
  choice: Choice;
  onChoice: (change: Record<string, unknown>) => void;
}

/** The classes whose share is asked for: ticked where they are few, typed where they are many. */
export function ClassPick({ preview, choice, onChoice }: PartProps<TruthChoice>): JSX.Element {
  const options = classOptions(preview, choice);
  const chosen = chosenClasses(choice);
  if (options === undefined) {
    return (
      <TextField
        label="Classes, with commas"
        value={chosen.join(", ")}
        onChange={(text) =>
          onChoice({
            classes: text
              .split(",")
              .map((one) => one.trim())
              .filter((one) => one !== ""),
          })
        }
      />
    );
  }
  const toggle = (value: string, isOn: boolean): void =>
    onChoice({ classes: isOn ? [...chosen, value] : chosen.filter((one) => one !== value) });
  return (
    <fieldset className="class-pick">
      <legend>Classes that count</legend>
      <div tabIndex={options.length > 8 ? 0 : undefined}>
        {options.map(({ value, text }) => (
          <CheckBox
            key={value}
            isChecked={chosen.includes(value)}
            onChange={(isOn) => toggle(value, isOn)}
          >
            {text}
          </CheckBox>
        ))}
      </div>
    </fieldset>
  );
}

/** Lines of "value = class". What is written counts when the field is left. */
export function ClassTable({ preview, choice, onChoice }: PartProps<PolygonChoice>): JSX.Element {
  const id = useId();
  const { rule } = choice;
  const own = rule?.kind === "table" ? rule.classes : {};
  const values = columnOf(preview, choice)?.distinct?.map(({ value }) => [value, value]) ?? [];
  const start = Object.keys(own).length > 0 ? own : Object.fromEntries(values);
  const [text, setText] = useState(() => writeClassTable(start));
  return (
    <div className="class-table">
      <label htmlFor={id}>value = class, one a line</label>
      <textarea
        id={id}
        rows={6}
        spellCheck={false}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onBlur={() => onChoice({ rule: { kind: "table", classes: readClassTable(text) } })}
      />
    </div>
  );
}
