import { createRoot } from "react-dom/client";
import { toFootfallError } from "../core/errors";
import "../view/style/index.css";
import "../view/page.css";
import { PageNotice } from "../view/PageNotice";
import { App } from "./App";
import { startJobs } from "./jobs";
import { readSwitches } from "./switches";
import { applyThemeChoice, readThemeChoice } from "./theme-choice";

const container = document.querySelector("#root");
if (container === null) throw new Error("index.html has no #root");
const root = createRoot(container);

try {
  const switches = readSwitches(location.search);
  if (switches.isTest) document.documentElement.dataset["test"] = "true";
  else applyThemeChoice(readThemeChoice());
  root.render(<App switches={switches} run={startJobs(switches)} />);
} catch (thrown) {
  root.render(<PageNotice error={toFootfallError(thrown, "bad-input")} />);
}
