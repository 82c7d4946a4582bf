import type { JSX, ReactNode } from "react";

interface CheckBoxProps {
  children: ReactNode;
  isChecked: boolean;
  onChange: (isChecked: boolean) => void;
}

/** Something that is so or not. */
export function CheckBox({ children, isChecked, onChange }: CheckBoxProps): JSX.Element {
  return (
    <label className="check-box">
      <input
        type="checkbox"
        checked={isChecked}
        onChange={({ target }) => onChange(target.checked)}
      />
      <span>{children}</span>
    </label>
  );
}
