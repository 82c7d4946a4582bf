import { useState, type JSX } from "react";
import type { CalendarSpec } from "../../core/data/holidays";
import type { CountedCalendar } from "../../core/job/days-off";
import { Button } from "../ui/Button";
import { formatCounted } from "../words";
import { addDay, removeDay, restoreDay } from "./calendar-change";
import "./days-off.css";

interface HolidayListProps {
  counted: CountedCalendar;
  spec: CalendarSpec;
  onSpec: (spec: CalendarSpec) => void;
}

/** A day with its name, put on the list. */
function NewDay({ spec, onSpec }: Omit<HolidayListProps, "counted">): JSX.Element {
  const [date, setDate] = useState("");
  const [name, setName] = useState("");
  return (
    <form
      className="new-day"
      onSubmit={(event) => {
        event.preventDefault();
        onSpec(addDay(spec, { date, name: name.trim() || "added by hand" }));
        setDate("");
        setName("");
      }}
    >
      <input
        type="date"
        aria-label="Day to add"
        required
        value={date}
        onChange={({ target }) => setDate(target.value)}
      />
      <input
        type="text"
        aria-label="Its name"
        placeholder="its name"
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <button type="submit" className="button">
        Add
      </button>
    </form>
  );
}

const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short", timeZone: "UTC" });
const withWeekday = (date: string): string =>
  `${date} ${weekday.format(Date.parse(`${date}T00:00:00Z`))}`;

/** The holidays of the data's time with their check-ins; each can be taken off the list, others put on it. */
export function HolidayList({ counted, spec, onSpec }: HolidayListProps): JSX.Element {
  const { calendar, onHoliday } = counted;
  const { holidays } = calendar;
  const { removed = [] } = spec;
  return (
    <div className="holiday-list" data-table="holidays" data-holidays={holidays.length}>
      <h3>{formatCounted(holidays.length, "holiday")} in the time of the data</h3>
      <ul>
        {holidays.map(({ date, name }, i) => (
          <li key={date} data-date={date}>
            <span className="day-date">{withWeekday(date)}</span>
            <span>{name}</span>
            <span className="bar-count">{formatCounted(onHoliday[i] ?? 0, "check-in")}</span>
            <Button
              kind="quiet"
              label={`Remove ${date}`}
              onClick={() => onSpec(removeDay(spec, date))}
            >
              Remove
            </Button>
          </li>
        ))}
        {removed.map((date) => (
          <li key={date} data-removed={date}>
            <s className="day-date">{withWeekday(date)}</s>
            <span className="quiet">removed by you</span>
            <span className="bar-count" />
            <Button
              kind="quiet"
              label={`Bring back ${date}`}
              onClick={() => onSpec(restoreDay(spec, date))}
            >
              Bring back
            </Button>
          </li>
        ))}
      </ul>
      <NewDay spec={spec} onSpec={onSpec} />
    </div>
  );
}
