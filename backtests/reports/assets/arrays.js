// The numbers of the page: base64 of little-endian arrays, see payload.py.
const MINUTE = 60_000;
const payload = JSON.parse(document.getElementById("report-data").textContent);

function bytesOf(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes.buffer;
}

const numbers = (text) => Float64Array.from(new Float32Array(bytesOf(text)));
const codes = (text) => new Int8Array(bytesOf(text));
const times = (text) => Float64Array.from(new Int32Array(bytesOf(text)), (t) => t * MINUTE);

// First position whose value is at least x.
function lowerBound(sorted, x) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

function nearest(sorted, x) {
  const right = Math.min(lowerBound(sorted, x), sorted.length - 1);
  const left = Math.max(right - 1, 0);
  return x - sorted[left] < sorted[right] - x ? left : right;
}

// The positions in sight, and one more on each side so that lines leave the frame.
function inSight(time, start, end) {
  return [Math.max(lowerBound(time, start) - 1, 0), Math.min(lowerBound(time, end) + 1, time.length)];
}
