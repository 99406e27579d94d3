// Colours are said once, in the style sheet, for light and dark.
const darkness = matchMedia("(prefers-color-scheme: dark)");

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const FONT = getComputedStyle(document.body).fontFamily;
