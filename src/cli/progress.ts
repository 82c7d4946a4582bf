import type { Progress } from "../core/pace";

const MS_BETWEEN_LINES = 5000;
const MS_BETWEEN_REDRAWS = 100;

function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}

function lineOf({ phase, done, total, unit }: Progress, seconds: number): string {
  const rate = seconds > 0 ? done / seconds : 0;
  const share = total > 0 ? ` ${Math.floor((100 * done) / total)} %` : "";
  const left = total > 0 && rate > 0 ? `, ${timeText((total - done) / rate)} left` : "";
  return `${phase}:${share}, ${Math.round(rate).toLocaleString("en")} ${unit}/s${left}`;
}

/** Shows reports on stderr: one line that is redrawn on a terminal, a line every 5 s elsewhere. */
export function createProgressLine(stream: NodeJS.WriteStream): {
  show: (report: Progress) => void;
  note: (line: string) => void;
} {
  let phase = "";
  let startedAt = 0;
  let shownAt = 0;
  const clear = () => {
    if (stream.isTTY) stream.write("\r\u001B[K");
  };
  const show = (report: Progress) => {
    const now = performance.now();
    if (report.phase !== phase) {
      phase = report.phase;
      startedAt = now;
      shownAt = 0;
      if (!stream.isTTY) stream.write(`${phase} ...\n`);
    }
    if (now - shownAt < (stream.isTTY ? MS_BETWEEN_REDRAWS : MS_BETWEEN_LINES)) return;
    if (shownAt > 0 || stream.isTTY) {
      clear();
      stream.write(lineOf(report, (now - startedAt) / 1000) + (stream.isTTY ? "" : "\n"));
    }
    shownAt = now;
  };
  const note = (line: string) => {
    clear();
    stream.write(`${line}\n`);
  };
  return { show, note };
}
