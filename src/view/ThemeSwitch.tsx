import type { JSX } from "react";
import { Select } from "./ui/Select";

export const THEME_CHOICES = ["auto", "light", "dark"] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

interface ThemeSwitchProps {
  value: ThemeChoice;
  onChange: (choice: ThemeChoice) => void;
}

/** Light, dark, or what the system says. */
export function ThemeSwitch({ value, onChange }: ThemeSwitchProps): JSX.Element {
  const options = THEME_CHOICES.map((choice) => ({ value: choice, text: choice }));
  return <Select label="Theme" value={value} options={options} onChange={onChange} />;
}
