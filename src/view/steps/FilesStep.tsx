import type { JSX } from "react";
import type { InspectResult } from "../../core/job/inspect";
import { filesKind, type FilesSpec } from "../../notebook/steps/files";
import { lazyPart } from "./lazy-part";
import { stepView } from "./step-view";

function About(): JSX.Element {
  return (
    <p>
      What each file is, how its columns and times are understood, and why. Everything can be
      corrected beside the first rows; nothing is read whole yet.
    </p>
  );
}

/** Files before they are imported. */
export const filesView = stepView<FilesSpec, InspectResult>({
  kind: "files",
  toSpec: (authored) => filesKind.toSpec(authored),
  name: () => "Files",
  title: () => "What is in the files?",
  About,
  Figure: lazyPart(() => import("../import/FilesFigure")),
  promise: "Here the first rows of the files will stand.",
  heightPx: 420,
});
