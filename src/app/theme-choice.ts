import { THEME_CHOICES, type ThemeChoice } from "../view/ThemeSwitch";

const KEY = "footfall-theme";

/** The reader's last choice on this machine; "auto" where there is none or storage is closed. */
export function readThemeChoice(): ThemeChoice {
  try {
    const kept = localStorage.getItem(KEY);
    return THEME_CHOICES.find((choice) => choice === kept) ?? "auto";
  } catch {
    return "auto"; // storage is closed in some private windows
  }
}

/** Puts a choice in force and keeps it. */
export function applyThemeChoice(choice: ThemeChoice): void {
  if (choice === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = choice;
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // storage is closed: the choice holds until the page is left
  }
}
