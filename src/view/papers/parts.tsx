import type { JSX, ReactNode } from "react";
import type { StepLink } from "../../core/papers/facts";
import { sourceWords, type Mark, type Source } from "../../core/papers/sources";
import { hrefOf } from "./step-links";

/** A link to the step that shows something; plain words where it needs the reader’s own data. */
export function StepAnchor({
  link,
  children,
}: {
  link: StepLink;
  children: ReactNode;
}): JSX.Element {
  const href = hrefOf(link, location.search);
  return href === undefined ? (
    <>{children} (when you import data)</>
  ) : (
    <a href={href}>{children}</a>
  );
}

/** Where something was read: its words as a tip. */
export function SourceNote({ source }: { source: Source }): JSX.Element {
  return (
    <span className="source-note" title={`“${source.says}”`}>
      {sourceWords(source)}
    </span>
  );
}

const MARK_WORDS: Record<Mark, string> = {
  "FOUND-P": "found",
  "FOUND-S": "found second-hand",
  COMPUTED: "computed",
  INFERRED: "inferred",
  "NOT FOUND": "unknown",
};

/** How sure something is, in a word. */
export function MarkNote({ mark }: { mark: Mark }): JSX.Element {
  return (
    <span className="mark-note" data-mark={mark}>
      {MARK_WORDS[mark]}
    </span>
  );
}

/** An address outside: opened by the reader, never by the page. */
export function OutsideLink({
  href,
  children,
}: {
  href: string;
  children: ReactNode;
}): JSX.Element {
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}

interface PartProps {
  title: string;
  children: ReactNode;
  /** For tests and for links from elsewhere. */
  id?: string;
}

/** A titled part of a figure. */
export function Part({ title, children, id }: PartProps): JSX.Element {
  return (
    <section className="paper-part" id={id} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}
