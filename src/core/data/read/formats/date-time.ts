import { parseClockTime } from "../time-text";

const COLON = 58;

/** Two digits as a number; NaN where they are none. */
function pair(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

/** Milliseconds of HH:MM:SS, exactly these eight characters; else NaN: a cut time is no time. */
function clockMs(text: string): number {
  if (text.length !== 8 || text.charCodeAt(2) !== COLON || text.charCodeAt(5) !== COLON) return NaN;
  const [hour, minute, second] = [pair(text, 0), pair(text, 3), pair(text, 6)];
  if (hour > 23 || minute > 59 || second > 60) return NaN;
  return ((hour * 60 + minute) * 60 + second) * 1000;
}

/** Creates a reader of dates and times of day that stand apart; the last date is remembered. */
export function createDateTimeReader(): (date: string, time: string) => number {
  let [last, lastMs] = ["", NaN];
  return (date, time) => {
    if (date !== last) [last, lastMs] = [date, parseClockTime(date)?.localMs ?? NaN];
    return lastMs + clockMs(time);
  };
}
