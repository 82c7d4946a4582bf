import type { JSX } from "react";
import type { FootfallError } from "../core/errors";
import { ADVICE } from "./advice";
import { Button } from "./ui/Button";
import { asSentence } from "./words";

interface PageNoticeProps {
  error: FootfallError;
  onClose?: () => void;
}

/** A failure that concerns the whole page: what happened, and what to do. */
export function PageNotice({ error, onClose }: PageNoticeProps): JSX.Element {
  return (
    <div className="page-notice" role="alert" data-error={error.code}>
      <p>
        {asSentence(error.message)} <span className="advice">{ADVICE[error.code]}</span>
      </p>
      {onClose && <Button onClick={onClose}>Close</Button>}
    </div>
  );
}
