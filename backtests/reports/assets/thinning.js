// No more points than pixels: of each group its lowest and highest, in their order.
function thinLine(time, values, from, to, most) {
  const count = to - from;
  if (count <= most) return { x: time.slice(from, to), y: values.slice(from, to) };
  const groups = most >> 1;
  const x = new Float64Array(2 * groups);
  const y = new Float64Array(2 * groups);
  for (let group = 0; group < groups; group++) {
    const begin = from + Math.floor((group * count) / groups);
    const end = from + Math.floor(((group + 1) * count) / groups);
    let low = begin;
    let high = begin;
    for (let i = begin; i < end; i++) {
      if (values[i] < values[low] || Number.isNaN(values[low])) low = i;
      if (values[i] > values[high] || Number.isNaN(values[high])) high = i;
    }
    const [first, second] = low < high ? [low, high] : [high, low];
    x[2 * group] = time[first];
    y[2 * group] = values[first];
    x[2 * group + 1] = time[second];
    y[2 * group + 1] = values[second];
  }
  return { x, y };
}

// Wider candles where there are more than fit.
function thinCandles(candles, from, to, most) {
  const size = Math.max(1, Math.ceil((to - from) / most));
  // Groups keep their borders while the window moves, or the candles would flicker.
  const begin = Math.floor(from / size) * size;
  const count = Math.ceil((to - begin) / size);
  const out = { time: new Float64Array(count), open: new Float64Array(count), high: new Float64Array(count), low: new Float64Array(count), close: new Float64Array(count) };
  for (let group = 0; group < count; group++) {
    const first = begin + group * size;
    const last = Math.min(first + size, candles.time.length) - 1;
    let high = candles.high[first];
    let low = candles.low[first];
    for (let i = first + 1; i <= last; i++) {
      if (candles.high[i] > high) high = candles.high[i];
      if (candles.low[i] < low) low = candles.low[i];
    }
    out.time[group] = candles.time[first];
    out.open[group] = candles.open[first];
    out.high[group] = high;
    out.low[group] = low;
    out.close[group] = candles.close[last];
  }
  return { ...out, size };
}

function extent(arrays, positive = false) {
  let low = Infinity;
  let high = -Infinity;
  for (const array of arrays) {
    for (const value of array) {
      if (positive && !(value > 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}
