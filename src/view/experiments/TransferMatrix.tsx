import { useState, type JSX } from "react";
import {
  SIDE_WORDS,
  transferChoices,
  transferMatrix,
  type TransferField,
} from "../../core/job/experiment/transfer";
import type { Point } from "../../core/task/experiments/readings";
import { COUNTRY_NAMES, type CountryName, type Learnt } from "../../core/task/experiments/series";
import { Select } from "../ui/Select";
import "./experiments.css";

const COUNTRY_TEXTS: Readonly<Record<CountryName, string>> = {
  A: "A, in Japan’s shape",
  B: "B, the archipelago",
};

const HELD_AGAINST = "what the others are held against";

const learntText = (learnt: Learnt): string =>
  learnt === "nothing" ? "nothing (random twin)" : COUNTRY_TEXTS[learnt];

interface FieldProps extends TransferField {
  /** Said where there is no side to be on. */
  otherwise: string;
}

function Field({ text, side, otherwise }: FieldProps): JSX.Element {
  return (
    <td className="number" data-side={side}>
      {text}
      <span className="quiet">{side === undefined ? otherwise : SIDE_WORDS[side]}</span>
    </td>
  );
}

/** Where models were pre-trained by where they are asked, of one measure at a time. */
export function TransferMatrix({ points }: { points: readonly Point[] }): JSX.Element | null {
  const [chosen, setChosen] = useState("");
  const choices = transferChoices(points);
  const of = choices.find(({ title }) => title === chosen) ?? choices[0];
  if (of === undefined) return null;
  return (
    <figure className="transfer" data-figure="transfer-matrix" data-drawn="true">
      <figcaption>
        <Select
          label="Measure, from country to country"
          value={of.title}
          options={choices.map(({ title }) => ({ value: title, text: title }))}
          onChange={setChosen}
        />
      </figcaption>
      <div className="table-box">
        <table aria-label={`From country to country: ${of.title}`}>
          <thead>
            <tr>
              <th scope="col">learnt in</th>
              {COUNTRY_NAMES.map((name) => (
                <th
                  key={name}
                  scope="col"
                  className="number"
                >{`asked in ${COUNTRY_TEXTS[name]}`}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {transferMatrix(points, of).map(({ learnt, fields }) => (
              <tr key={learnt}>
                <th scope="row">{learntText(learnt)}</th>
                {fields.map((field, country) => (
                  <Field
                    key={COUNTRY_NAMES[country]}
                    {...field}
                    otherwise={learnt === "nothing" ? HELD_AGAINST : "not compared yet"}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
