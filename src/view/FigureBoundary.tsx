import { Component, type JSX, type ReactNode } from "react";

interface FigureBoundaryProps {
  /** A new outcome gives the figure another chance. */
  outcome: unknown;
  children: ReactNode;
}

interface FigureBoundaryState {
  message: string | undefined;
  outcome: unknown;
}

/** A figure that cannot be drawn leaves a sentence in its place, and the page alive. */
export class FigureBoundary extends Component<FigureBoundaryProps, FigureBoundaryState> {
  override state: FigureBoundaryState = { message: undefined, outcome: this.props.outcome };

  static getDerivedStateFromError(thrown: unknown): Partial<FigureBoundaryState> {
    return { message: thrown instanceof Error ? thrown.message : String(thrown) };
  }

  static getDerivedStateFromProps(
    props: FigureBoundaryProps,
    state: FigureBoundaryState,
  ): Partial<FigureBoundaryState> | null {
    if (props.outcome === state.outcome) return null;
    return { message: undefined, outcome: props.outcome };
  }

  override render(): JSX.Element | ReactNode {
    const { message } = this.state;
    if (message === undefined) return this.props.children;
    return (
      <p className="run-line failed" role="alert">
        The figure could not be drawn ({message}). Its numbers were computed: run the step again to
        see them.
      </p>
    );
  }
}
