// @ts-check
// Light or dark: as the system has it, until something else is chosen.

const KEY = "album-theme";
const CHANGED = "album-theme";
const system = matchMedia("(prefers-color-scheme: dark)");

export function startTheme() {
  apply();
  system.addEventListener("change", () => {
    requestAnimationFrame(apply); // after Gradio, which follows the system
  });
  document.getElementById("theme-button")?.addEventListener("click", () => {
    setTheme(document.body.classList.contains("dark") ? "light" : "dark");
  });
}

/** What was chosen: "light", "dark", or "" for as the system has it. */
export const themeChosen = () => localStorage.getItem(KEY) ?? "";

/** @param {string} theme as of themeChosen */
export function setTheme(theme) {
  if (theme) localStorage.setItem(KEY, theme);
  else localStorage.removeItem(KEY);
  document.body.classList.toggle("dark", theme ? theme === "dark" : system.matches);
  apply();
  document.dispatchEvent(new Event(CHANGED));
}

/** Hear of each change that a person makes. @param {() => void} hear */
export const onTheme = (hear) => document.addEventListener(CHANGED, hear);

function apply() {
  const chosen = themeChosen();
  if (chosen) document.body.classList.toggle("dark", chosen === "dark");
  const dark = document.body.classList.contains("dark");
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
  const page = getComputedStyle(document.documentElement).getPropertyValue("--page").trim();
  // The frame that a phone draws around the page.
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", page);
}
