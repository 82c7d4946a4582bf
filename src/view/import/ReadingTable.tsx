import type { JSX, ReactNode } from "react";
import type { FilePreview, ReadOptions } from "../../core/data/source";
import { Select } from "../ui/Select";
import { TextField } from "../ui/TextField";
import type { ChangeRead } from "./read-change";

interface ReadingTableProps {
  preview: FilePreview;
  /** Formats to choose from. */
  formats: readonly { id: string; title: string }[];
  read: ReadOptions;
  onRead: ChangeRead;
}

interface LineProps {
  why: string | undefined;
  isByHand: boolean;
  children: ReactNode;
}

/** One thing that was guessed, the means to correct it, and the reason of the guess. */
function Line({ why, isByHand, children }: LineProps): JSX.Element {
  return (
    <li>
      {children}
      <span className="why">{isByHand ? "chosen by you" : why}</span>
    </li>
  );
}

/** The choice that stands for the guess. */
const GUESSED = "";

const DELIMITERS = [
  { value: GUESSED, text: "as guessed" },
  { value: ",", text: "comma" },
  { value: ";", text: "semicolon" },
  { value: "\t", text: "tab" },
  { value: "|", text: "bar |" },
  { value: " ", text: "space" },
] as const;

const HEADERS = [
  { value: GUESSED, text: "as guessed" },
  { value: "yes", text: "the names of the columns" },
  { value: "no", text: "data already" },
] as const;

const UNITS = [
  { value: GUESSED, text: "as guessed" },
  { value: "seconds", text: "seconds" },
  { value: "milliseconds", text: "milliseconds" },
  { value: "microseconds", text: "microseconds" },
  { value: "minutes", text: "minutes" },
] as const;

const ORDERS = [
  { value: GUESSED, text: "as guessed" },
  { value: "day-first", text: "day, month" },
  { value: "month-first", text: "month, day" },
] as const;

/** What was chosen, or nothing where the guess is to hold again. */
const orGuess = <T extends string>(value: T | ""): T | undefined =>
  value === "" ? undefined : value;

function TextLines({ read, onRead }: Pick<ReadingTableProps, "read" | "onRead">): JSX.Element {
  const header = read.hasHeader === undefined ? GUESSED : read.hasHeader ? "yes" : "no";
  const known = DELIMITERS.find(({ value }) => value === read.delimiter);
  return (
    <>
      <Line why={undefined} isByHand={read.delimiter !== undefined}>
        <Select
          label="Fields end with"
          value={known?.value ?? GUESSED}
          options={DELIMITERS}
          onChange={(value) => onRead({ delimiter: orGuess(value) })}
        />
      </Line>
      <Line why={undefined} isByHand={read.hasHeader !== undefined}>
        <Select
          label="The first row is"
          value={header}
          options={HEADERS}
          onChange={(value) => onRead({ hasHeader: value === "" ? undefined : value === "yes" })}
        />
      </Line>
    </>
  );
}

function TimeLines({ preview, read, onRead }: ReadingTableProps): JSX.Element {
  const { time } = preview;
  return (
    <>
      <Line why={time?.why} isByHand={read.timeUnit !== undefined}>
        <Select
          label="Times that are numbers count"
          value={read.timeUnit ?? GUESSED}
          options={UNITS.map((unit) =>
            unit.value === GUESSED && time ? { ...unit, text: `as guessed: ${time.value}` } : unit,
          )}
          onChange={(value) => onRead({ timeUnit: orGuess(value) })}
        />
      </Line>
      <Line why={undefined} isByHand={read.dateOrder !== undefined}>
        <Select
          label="Dates such as 03/04/2012 are"
          value={read.dateOrder ?? GUESSED}
          options={ORDERS}
          onChange={(value) => onRead({ dateOrder: orGuess(value) })}
        />
      </Line>
    </>
  );
}

let zones: readonly string[] | undefined;

/** Names of time zones that the browser knows. */
function zoneNames(): readonly string[] {
  zones ??= ["UTC", "+09:00", ...Intl.supportedValuesOf("timeZone")];
  return zones;
}

/** Everything that was guessed about a file beside its columns: what, why, and how to say otherwise. */
export function ReadingTable(props: ReadingTableProps): JSX.Element {
  const { preview, formats, read, onRead } = props;
  const { format, zone, roles } = preview;
  return (
    <ul className="reading" data-table="reading">
      <Line why={format.why} isByHand={read.format !== undefined}>
        <Select
          label="Read as"
          value={read.format ?? format.value}
          options={formats.map(({ id, title }) => ({ value: id, text: title }))}
          onChange={(id) => onRead({ format: id })}
        />
      </Line>
      {format.value === "csv" && <TextLines read={read} onRead={onRead} />}
      {roles !== undefined && <TimeLines {...props} />}
      <Line why={zone?.why} isByHand={read.zone !== undefined}>
        <TextField
          label="Times that name no zone are in"
          value={read.zone ?? ""}
          placeholder={zone?.value ?? "UTC"}
          choices={zoneNames()}
          onChange={(text) => onRead({ zone: text === "" ? undefined : text })}
        />
      </Line>
    </ul>
  );
}
