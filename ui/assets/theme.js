// @ts-check
// Light or dark: as the system has it, until the button is pressed.

const KEY = "album-theme";

export function startTheme() {
  const apply = () => {
    const chosen = localStorage.getItem(KEY);
    if (chosen) document.body.classList.toggle("dark", chosen === "dark");
    const dark = document.body.classList.contains("dark");
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
    const page = getComputedStyle(document.documentElement).getPropertyValue("--page").trim();
    // The frame that a phone draws around the page.
    document.querySelector('meta[name="theme-color"]')?.setAttribute("content", page);
  };
  apply();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    requestAnimationFrame(apply); // after Gradio, which follows the system
  });
  document.getElementById("theme-button")?.addEventListener("click", () => {
    const dark = document.body.classList.contains("dark");
    localStorage.setItem(KEY, dark ? "light" : "dark");
    apply();
  });
}
