// Numbers as the tables of the page write them.
const MINUS = "\u2212";
const DASH = "\u2013";

function fixed(value, digits) {
  if (!Number.isFinite(value)) return DASH;
  const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

function moneyText(value) {
  return fixed(value, Math.abs(value) < 100_000 ? 2 : 0);
}

function percentText(value) {
  const size = Math.abs(value);
  return Number.isFinite(value) ? `${fixed(100 * value, size < 0.1 ? 2 : size < 10 ? 1 : 0)}%` : DASH;
}

function ratioText(value) {
  return fixed(value, Math.abs(value) < 1000 ? 2 : 0);
}

function priceText(value) {
  if (!Number.isFinite(value) || value === 0) return fixed(value, 2);
  const digits = Math.min(Math.max(2, 5 - Math.floor(Math.log10(Math.abs(value)))), 12);
  const [whole, cents = ""] = fixed(value, digits).split(".");
  return `${whole}.${cents.replace(/0+$/, "").padEnd(2, "0")}`;
}

function momentText(time) {
  const text = new Date(time).toISOString();
  return time % 86_400_000 === 0 ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 16)}`;
}

// How the axis of each unit is labelled, in the words of the chart library.
const AXIS_FORMATS = { money: "0,0.[00]a", percent: "0,0.[00]%", ratio: "0,0.[00]", price: "0,0.[00000000]", count: "0,0" };
const TEXTS = { money: moneyText, percent: percentText, ratio: ratioText, price: priceText };
