import type { JSX } from "react";
import type { PointConfig, PretrainConfig } from "../../notebook/pretrain-settings";
import { POINT_PRESETS, PRESETS } from "../../notebook/pretrain-settings";
import type { PretrainSpec } from "../../notebook/steps/pretrain";
import { Select } from "../ui/Select";
import { PointForm } from "./PointForm";
import { ProbeTable } from "./ProbeTable";
import { SettingsForm } from "./SettingsForm";

interface FamilyProps {
  spec: PretrainSpec;
  onChange: (change: Partial<PretrainSpec>) => void;
}

const FAMILIES = [
  { value: "bert", text: "BERT (masked check-ins)" },
  { value: "gpt", text: "GPT (next point, RAW)" },
] as const;

/** What is trained: papers 1 and 2, or RAW. */
export function FamilyChoice({ spec, onChange }: FamilyProps): JSX.Element {
  return (
    <Select
      label="Family"
      value={spec.family ?? "bert"}
      options={FAMILIES}
      onChange={(family) => {
        const chosen = { family: family === "gpt" ? family : undefined, preset: "tiny" } as const;
        onChange({ ...chosen, changes: {}, run: "" });
      }}
    />
  );
}

/** The settings of the family that is chosen. */
export function FamilyForm({ spec, onChange }: FamilyProps): JSX.Element {
  if (spec.family === "gpt") {
    const config: PointConfig = { ...POINT_PRESETS[spec.preset], ...spec.changes };
    return (
      <>
        <PointForm {...{ spec, config, onChange }} />
        <ProbeTable spec={spec} />
      </>
    );
  }
  const config: PretrainConfig = { ...PRESETS[spec.preset], ...spec.changes };
  return (
    <>
      <SettingsForm {...{ spec, config, onChange }} />
      <ProbeTable spec={spec} />
    </>
  );
}
