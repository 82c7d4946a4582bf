import type { JSX, ReactNode } from "react";
import type { FilePreview, ReadOptions } from "../../core/data/read/source";
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
  { value: "seconds", text: "Unix seconds" },
  { value: "milliseconds", text: "Unix milliseconds" },
  { value: "microseconds", text: "Unix microseconds" },
  { value: "minutes", text: "minutes since 1970" },
] as const;

const ORDERS = [
  { value: GUESSED, text: "as guessed" },
  { value: "day-first", text: "3 April" },
  { value: "month-first", text: "4 March" },
] as const;

/** What was chosen, or nothing where the guess is to hold again. */
const orGuess = <T extends string>(value: T | ""): T | undefined =>
  value === "" ? undefined : value;

function TextFields({ read, onRead }: Pick<ReadingTableProps, "read" | "onRead">): JSX.Element {
  const header = read.hasHeader === undefined ? GUESSED : read.hasHeader ? "yes" : "no";
  const known = DELIMITERS.find(({ value }) => value === read.delimiter);
  return (
    <>
      <Select
        label="fields end with"
        value={known?.value ?? GUESSED}
        options={DELIMITERS}
        onChange={(value) => onRead({ delimiter: orGuess(value) })}
      />
      <Select
        label="the first row is"
        value={header}
        options={HEADERS}
        onChange={(value) => onRead({ hasHeader: value === "" ? undefined : value === "yes" })}
      />
    </>
  );
}

function TimeLine({ preview, read, onRead }: ReadingTableProps): JSX.Element {
  const { time } = preview;
  const isText = time?.value.startsWith("text") ?? false;
  return (
    <Line why={time?.why} isByHand={read.timeUnit !== undefined || read.dateOrder !== undefined}>
      <Select
        label="Times are"
        value={read.timeUnit ?? GUESSED}
        options={UNITS.map((unit) =>
          unit.value === GUESSED && time ? { ...unit, text: `as guessed: ${time.value}` } : unit,
        )}
        onChange={(value) => onRead({ timeUnit: orGuess(value) })}
      />
      {(isText || read.dateOrder !== undefined) && (
        <Select
          label="03/04 is"
          value={read.dateOrder ?? GUESSED}
          options={ORDERS}
          onChange={(value) => onRead({ dateOrder: orGuess(value) })}
        />
      )}
    </Line>
  );
}

let zones: readonly string[] | undefined;

/** Names of time zones that the browser knows. */
function zoneNames(): readonly string[] {
  zones ??= ["UTC", "+09:00", ...Intl.supportedValuesOf("timeZone")];
  return zones;
}

const isFormatByHand = ({ format, delimiter, hasHeader }: ReadOptions): boolean =>
  [format, delimiter, hasHeader].some((choice) => choice !== undefined);

/** Everything that was guessed about a file beside its columns: what, why, and how to say otherwise. */
export function ReadingTable(props: ReadingTableProps): JSX.Element {
  const { preview, formats, read, onRead } = props;
  const { format, zone, roles } = preview;
  return (
    <ul className="reading" data-table="reading">
      <Line why={format.why} isByHand={isFormatByHand(read)}>
        <Select
          label="Read as"
          value={read.format ?? format.value}
          options={formats.map(({ id, title }) => ({ value: id, text: title }))}
          onChange={(id) => onRead({ format: id })}
        />
        {format.value === "csv" && <TextFields read={read} onRead={onRead} />}
      </Line>
      {roles !== undefined && <TimeLine {...props} />}
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
