import { useEffect, useId, useRef, useState, type JSX } from "react";

interface SliderProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** How a value reads, such as "10 minutes". */
  format: (value: number) => string;
  onChange: (value: number) => void;
}

/** While it is dragged, what hangs on it is computed this often at most. */
const SETTLE_MS = 150;

/** A number between two ends. */
export function Slider(props: SliderProps): JSX.Element {
  const { label, value, min, max, step, format } = props;
  const id = useId();
  const [at, setAt] = useState(value);
  useEffect(() => setAt(value), [value]);
  const onChange = useRef(props.onChange);
  onChange.current = props.onChange;
  useEffect(() => {
    if (at === value) return;
    const timer = setTimeout(() => onChange.current(at), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [at, value]);
  return (
    <div className="slider">
      <label htmlFor={id}>{label}</label>
      <output htmlFor={id}>{format(at)}</output>
      <input
        id={id}
        type="range"
        {...{ min, max, step }}
        value={at}
        aria-valuetext={format(at)}
        onChange={({ target }) => setAt(target.valueAsNumber)}
      />
    </div>
  );
}
