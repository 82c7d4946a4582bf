import type { JSX } from "react";
import type { CalendarSpec, NamedCode } from "../../core/data/holidays";
import type { DaysOff } from "../../core/job/days-off";
import type { CalendarChoice } from "../../core/job/import-rules";
import { CheckBox } from "../ui/CheckBox";
import { Select } from "../ui/Select";
import { formatPercent } from "../words";
import { DayBars } from "./DayBars";
import { HolidayList } from "./HolidayList";
import { toggleWeekday } from "./calendar-change";
import "./days-off.css";

export interface DaysOffFigureProps {
  daysOff: DaysOff;
  choice: CalendarChoice;
  onChoice: (choice: CalendarChoice) => void;
}

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const nameOf = (places: readonly NamedCode[], code: string): string =>
  places.find((place) => place.code === code)?.name ?? code;

function guessText({ guess, countries }: DaysOff): string {
  const { country, share } = guess;
  if (country !== undefined) return `guess: ${nameOf(countries, country)}`;
  return share > 0 ? "guess: none, they lie in several" : "guess: none";
}

/** What the guess stands on. */
function GuessNote({ daysOff: { guess, countries } }: DaysOffFigureProps): JSX.Element {
  const { country, share } = guess;
  return (
    <p className="quiet">
      {country === undefined
        ? "The points do not lie in one country: none is taken unless you choose it."
        : `${formatPercent(share)} of the points in any country lie in ${nameOf(countries, country)}.`}
    </p>
  );
}

function CountryFields(props: DaysOffFigureProps): JSX.Element {
  const { daysOff, choice, onChoice } = props;
  const { countries, regions, counted } = daysOff;
  const options = [
    { value: "guess", text: guessText(daysOff) },
    { value: "none", text: "no holidays, no weekends" },
    ...countries.map(({ code, name }) => ({ value: code, text: name })),
  ];
  const country = counted?.calendar.country;
  return (
    <>
      <Select
        label="Days off of"
        value={typeof choice === "string" ? choice : choice.country}
        options={options}
        onChange={(value) =>
          onChoice(value === "guess" || value === "none" ? value : { country: value })
        }
      />
      {choice === "guess" && <GuessNote {...props} />}
      {country !== undefined && regions.length > 0 && (
        <Select
          label="in"
          value={counted?.calendar.region ?? ""}
          options={[
            { value: "", text: "the whole country" },
            ...regions.map(({ code, name }) => ({ value: code, text: name })),
          ]}
          onChange={(region) => onChoice({ country, region: region === "" ? undefined : region })}
        />
      )}
    </>
  );
}

/** Whose days are off, which these are in the data's time, and how many check-ins lie on them (DI-19). */
export function DaysOffFigure(props: DaysOffFigureProps): JSX.Element {
  const { daysOff, choice, onChoice } = props;
  const { counted } = daysOff;
  const weekend = counted?.calendar.weekend ?? [];
  const spec: CalendarSpec | undefined =
    typeof choice === "object" ? choice : counted && { country: counted.calendar.country };
  return (
    <section className="days-off" aria-label="Days off" data-figure="days-off" data-drawn="true">
      <div>
        <CountryFields {...props} />
        {counted && spec && (
          <fieldset>
            <legend>Weekend</legend>
            {WEEKDAYS.map((name, i) => (
              <CheckBox
                key={name}
                isChecked={weekend.includes(i + 1)}
                onChange={() => onChoice({ ...spec, weekend: toggleWeekday(weekend, i + 1) })}
              >
                {name}
              </CheckBox>
            ))}
          </fieldset>
        )}
        {counted && <DayBars checkInsOn={counted.checkInsOn} />}
      </div>
      {counted && spec && <HolidayList counted={counted} spec={spec} onSpec={onChoice} />}
    </section>
  );
}
