import type { JSX, ReactNode } from "react";

export interface ButtonProps {
  children: ReactNode;
  onClick: () => void;
  /** The one thing to do is "primary"; default "plain". */
  kind?: "plain" | "primary" | "quiet";
  /** Default false. */
  disabled?: boolean;
  /** What a screen reader says, where the text alone does not do. */
  label?: string;
}

/** A button of the page. */
export function Button({
  children,
  onClick,
  kind = "plain",
  disabled = false,
  label,
}: ButtonProps): JSX.Element {
  return (
    <button
      type="button"
      className={kind === "plain" ? "button" : `button button-${kind}`}
      disabled={disabled}
      aria-label={label}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
