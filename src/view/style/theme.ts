import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";

const DARK_QUERY = "(prefers-color-scheme: dark)";

/** The theme in force: what data-theme on the root says, else what the system prefers. */
export function readTheme(): Theme {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen === "dark" || chosen === "light") return chosen;
  return matchMedia(DARK_QUERY).matches ? "dark" : "light";
}

function watchTheme(onChange: () => void): () => void {
  const query = matchMedia(DARK_QUERY);
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  query.addEventListener("change", onChange);
  return () => {
    observer.disconnect();
    query.removeEventListener("change", onChange);
  };
}

/** The theme in force, followed. Maps need it: their colours are not CSS. */
export function useTheme(): Theme {
  return useSyncExternalStore(watchTheme, readTheme);
}
