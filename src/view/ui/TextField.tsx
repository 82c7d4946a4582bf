import { useEffect, useId, useRef, useState, type JSX } from "react";

interface TextFieldProps {
  label: string;
  value: string;
  /** What is written in an empty field. */
  placeholder?: string;
  /** Values to choose from; anything else may be typed. */
  choices?: readonly string[];
  onChange: (value: string) => void;
}

/** A line of text. What is typed counts when the field is left or Enter is pressed. */
export function TextField(props: TextFieldProps): JSX.Element {
  const { label, value, placeholder, choices, onChange } = props;
  const id = useId();
  const [typed, setTyped] = useState(value);
  const taken = useRef(value); // Enter takes it, and the field that is left then must not take it again
  useEffect(() => {
    taken.current = value;
    setTyped(value);
  }, [value]);
  const commit = (): void => {
    const text = typed.trim();
    if (text === taken.current) return;
    taken.current = text;
    onChange(text);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        spellCheck={false}
        autoComplete="off"
        {...(choices && { list: `${id}-choices` })}
        {...(placeholder !== undefined && { placeholder })}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={commit}
        onKeyDown={({ key }) => key === "Enter" && commit()}
      />
      {choices && (
        <datalist id={`${id}-choices`}>
          {choices.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
    </div>
  );
}
