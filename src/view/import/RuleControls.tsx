import { useState, type JSX } from "react";
import { STAY_RULES, type StayRule } from "../../core/data/rules";
import { WINDOW_KINDS, WINDOW_WORDS } from "../../core/data/windows";
import type { RulesSpec } from "../../notebook/steps/rules";
import { CheckBox } from "../ui/CheckBox";
import { NumberField } from "../ui/NumberField";
import { Select } from "../ui/Select";
import { Slider } from "../ui/Slider";
import { TextField } from "../ui/TextField";
import "./import.css";

export interface RuleControlsProps {
  spec: RulesSpec;
  onChange: (change: Partial<RulesSpec>) => void;
}

/** Mean edge of a cell (h3geo.org, table of cell statistics), km. */
const EDGE_KM: Record<number, string> = {
  5: "9.9 km",
  6: "3.7 km",
  7: "1.4 km",
  8: "530 m",
  9: "200 m",
  10: "76 m",
};

const STAYS = [
  { value: "window", text: "time in one cell (papers)" },
  { value: "stops", text: "stop detection" },
  { value: "resample", text: "a fixed interval (RAW)" },
] as const;

const FILLS = [
  { value: "hold", text: "hold the last place" },
  { value: "linear", text: "on a straight line" },
  { value: "drop", text: "leave gaps out" },
] as const;

const minutes = (value: number): string => (value === 1 ? "1 minute" : `${value} minutes`);

interface StayFieldsProps<Rule extends StayRule> {
  rule: Rule;
  onRule: (rule: StayRule) => void;
}

function StopFields({ rule, onRule }: StayFieldsProps<StayRule & { kind: "stops" }>): JSX.Element {
  return (
    <>
      <NumberField
        label="within"
        unit="m"
        min={1}
        max={100_000}
        value={rule.radiusM}
        onChange={(radiusM = rule.radiusM) => onRule({ ...rule, radiusM })}
      />
      <NumberField
        label="for at least"
        unit="min"
        min={0}
        max={10_080}
        value={rule.minMin}
        onChange={(minMin = rule.minMin) => onRule({ ...rule, minMin })}
      />
    </>
  );
}

function ResampleFields(props: StayFieldsProps<StayRule & { kind: "resample" }>): JSX.Element {
  const { rule, onRule } = props;
  return (
    <>
      <NumberField
        label="a position every"
        unit="min"
        min={1}
        max={1440}
        value={rule.intervalMin}
        onChange={(intervalMin = rule.intervalMin) => onRule({ ...rule, intervalMin })}
      />
      <Select
        label="Gaps"
        value={rule.fill}
        options={FILLS}
        onChange={(fill) => onRule({ ...rule, fill })}
      />
      <NumberField
        label="at most"
        unit="positions"
        min={2}
        max={100_000}
        value={rule.maxPoints}
        onChange={(maxPoints = rule.maxPoints) => onRule({ ...rule, maxPoints })}
      />
    </>
  );
}

function StayFields({ spec, onChange }: RuleControlsProps): JSX.Element {
  const { stays } = spec;
  const onRule = (rule: StayRule): void => onChange({ stays: rule });
  switch (stays.kind) {
    case "window":
      return (
        <Slider
          label="Merged up to"
          min={0}
          max={60}
          step={1}
          value={stays.windowMin}
          format={minutes}
          onChange={(windowMin) => onRule({ ...stays, windowMin })}
        />
      );
    case "stops":
      return <StopFields rule={stays} onRule={onRule} />;
    case "resample":
      return <ResampleFields rule={stays} onRule={onRule} />;
    default:
      throw stays satisfies never;
  }
}

/** What is merely reported, if nothing is said here. */
function DropFields({ spec, onChange }: RuleControlsProps): JSX.Element {
  const { drop } = spec;
  const change = (part: Partial<typeof drop>): void => onChange({ drop: { ...drop, ...part } });
  return (
    <fieldset>
      <legend>Leave out (otherwise only reported)</legend>
      <CheckBox
        isChecked={drop.duplicates === true}
        onChange={(duplicates) => change({ duplicates })}
      >
        duplicates
      </CheckBox>
      <CheckBox isChecked={drop.clocks === true} onChange={(clocks) => change({ clocks })}>
        clocks a year off
      </CheckBox>
      <CheckBox
        isChecked={drop.speedKmh !== undefined}
        onChange={(isOn) => change({ speedKmh: isOn ? 1000 : undefined })}
      >
        impossible speed
      </CheckBox>
      {drop.speedKmh !== undefined && (
        <NumberField
          label="faster than"
          unit="km/h"
          min={1}
          max={1e6}
          value={drop.speedKmh}
          onChange={(speedKmh) => change({ speedKmh })}
        />
      )}
    </fieldset>
  );
}

/** Ids are replaced unless somebody says why not. */
function IdFields({ spec, onChange }: RuleControlsProps): JSX.Element {
  const [isAsked, setAsked] = useState(spec.keepUsers !== undefined);
  return (
    <fieldset>
      <legend>Who the people are</legend>
      <CheckBox
        isChecked={isAsked}
        onChange={(isChecked) => {
          setAsked(isChecked);
          if (!isChecked) onChange({ keepUsers: undefined });
        }}
      >
        keep the ids of the file
      </CheckBox>
      {isAsked && (
        <TextField
          label="because"
          placeholder="a reason, kept in the report"
          value={spec.keepUsers ?? ""}
          onChange={(reason) => onChange({ keepUsers: reason.length < 3 ? undefined : reason })}
        />
      )}
      <p className="quiet">
        {spec.keepUsers === undefined
          ? "Ids are replaced by random ones when the files are read, and never stored."
          : "The ids of the file are stored with the data set, and your reason with them."}
      </p>
    </fieldset>
  );
}

/** How points become check-ins and trajectories. */
export default function RuleControls(props: RuleControlsProps): JSX.Element {
  const { spec, onChange } = props;
  return (
    <div className="rule-controls">
      <Select
        label="Cells"
        value={String(spec.resolution)}
        options={Object.entries(EDGE_KM).map(([value, edge]) => ({
          value,
          text: `resolution ${value}, edge ${edge}`,
        }))}
        onChange={(value) => onChange({ resolution: Number(value) })}
      />
      <Select
        label="Check-ins by"
        value={spec.stays.kind}
        options={STAYS}
        onChange={(kind) => onChange({ stays: STAY_RULES[kind] })}
      />
      <StayFields {...props} />
      <Select
        label="A trajectory is one person’s"
        value={spec.window}
        options={WINDOW_KINDS.map((value) => ({ value, text: WINDOW_WORDS[value] }))}
        onChange={(window) => onChange({ window })}
      />
      <TextField
        label="by the clock of"
        placeholder="the file, or its longitudes"
        choices={["Asia/Tokyo", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "+00:00"]}
        value={spec.clock.kind === "zone" ? spec.clock.zone : ""}
        onChange={(zone) =>
          onChange({ clock: zone === "" ? { kind: "guess" } : { kind: "zone", zone } })
        }
      />
      <NumberField
        label="at least"
        unit="check-ins"
        min={1}
        max={1e6}
        value={spec.minCheckIns}
        onChange={(minCheckIns = spec.minCheckIns) => onChange({ minCheckIns })}
      />
      <NumberField
        label="in at least"
        unit="different cells"
        min={1}
        max={1e6}
        value={spec.minCells}
        onChange={(minCells = spec.minCells) => onChange({ minCells })}
      />
      <DropFields {...props} />
      <IdFields {...props} />
    </div>
  );
}
