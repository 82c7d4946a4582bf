import { useState, type JSX } from "react";
import { usePage } from "../page-context";
import { CheckBox } from "../ui/CheckBox";
import "./import.css";

const ANSWERS = {
  off: "",
  granted: "The browser will say so when the import ends while you look elsewhere; no sound.",
  denied: "The browser was told not to allow notices from this page.",
  unavailable: "This browser has no notices.",
} as const;

/** What can be asked for before a long import. */
export default function ImportControls(): JSX.Element | null {
  const { data } = usePage();
  const [answer, setAnswer] = useState<keyof typeof ANSWERS>("off");
  if (data === undefined) return null;
  return (
    <div>
      <CheckBox
        isChecked={answer === "granted"}
        onChange={(isWanted) => {
          data.setNotify(isWanted).then(setAnswer, () => setAnswer("denied"));
        }}
      >
        tell me when it is done
      </CheckBox>
      <p className="quiet" role="status">
        {ANSWERS[answer]}
      </p>
    </div>
  );
}
