// The page: which chart is drawn how, when it comes into sight, and the buttons.
const DAY = 86_400_000;

function tradesOf(packed) {
  return {
    entryTime: times(packed.entry_time),
    exitTime: times(packed.exit_time),
    entryPrice: numbers(packed.entry_price),
    exitPrice: numbers(packed.exit_price),
    side: codes(packed.side),
    reason: codes(packed.reason),
    pnl: numbers(packed.pnl),
    return: numbers(packed.return),
    mae: numbers(packed.mae),
    mfe: numbers(packed.mfe),
  };
}

const time = times(payload.time);
const shared = new TimeWindow(time, (payload.bar * payload.bars_per_bucket * MINUTE) / 2);
const trades = tradesOf(payload.trades);
const plotTime = times(payload.plots.time);
const plots = payload.plots.lines.map((plot, i) => ({ ...plot, key: `plot-${i}`, time: plotTime, values: numbers(plot.values) }));

const MAKERS = {
  equity: (figure) => {
    const lines = [{ key: "equity", role: "equity", time, values: numbers(payload.equity) }];
    if (payload.benchmark) lines.unshift({ key: "benchmark", role: "benchmark", time, values: numbers(payload.benchmark) });
    return new Track(figure, shared, { lines, unit: "money", base: payload.capital });
  },
  drawdown: (figure) =>
    new Track(figure, shared, { lines: [{ key: "drawdown", role: "loss", time, values: numbers(payload.drawdown), area: 0 }], unit: "percent", include: 0 }),
  price: (figure) => {
    const { candles } = payload;
    const prices = { time: times(candles.time), open: numbers(candles.open), high: numbers(candles.high), low: numbers(candles.low), close: numbers(candles.close) };
    const lines = plots.filter((plot) => plot.kind !== "own").map((plot) => ({ ...plot, dashed: plot.kind === "level" }));
    return new PriceTrack(figure, shared, { lines, unit: "price" }, prices, trades);
  },
  pane: (figure) => new Track(figure, shared, { lines: [plots[Number(figure.dataset.plot)]], unit: "ratio" }),
  sharpe: (figure) => {
    const { sharpe } = payload;
    return new Track(figure, shared, { lines: [{ key: "sharpe", role: "plot1", time: times(sharpe.time), values: numbers(sharpe.values) }], unit: "ratio", base: 0 });
  },
  distribution: (figure) => new DistributionCloud(figure),
  mae: (figure) => new ExcursionCloud(figure, "mae", trades),
  mfe: (figure) => new ExcursionCloud(figure, "mfe", trades),
};

const charts = new Map();

// Drawn only when it is about to be seen: a page of twelve charts opens as fast as one.
const sight = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      charts.get(target)?.look(isIntersecting);
      if (!isIntersecting || charts.has(target)) continue;
      const chart = MAKERS[target.dataset.kind](target);
      charts.set(target, chart);
      chart.open();
    }
  },
  { rootMargin: "300px" },
);

function redraw(chart) {
  chart.close();
  chart.open();
}

function showWindow() {
  const inside = (at) => momentText(Math.round(Math.min(Math.max(at, time[0]), time.at(-1)) / MINUTE) * MINUTE);
  document.querySelector("[data-window]").textContent = `${inside(shared.start)} to ${inside(shared.end)}`;
}

const ACTIONS = {
  in: () => shared.zoom(0.5),
  out: () => shared.zoom(2),
  back: () => shared.shift(-0.5),
  forward: () => shared.shift(0.5),
  all: () => shared.whole(),
};

for (const button of document.querySelectorAll("[data-action]")) {
  button.addEventListener("click", () => ACTIONS[button.dataset.action]());
}
for (const button of document.querySelectorAll("[data-days]")) {
  const span = Number(button.dataset.days) * DAY;
  // A stretch longer than all there is would be no choice.
  button.hidden = span >= shared.last - shared.first;
  button.addEventListener("click", () => shared.recent(span));
}
for (const button of document.querySelectorAll("[data-log]")) {
  button.addEventListener("click", () => {
    const chart = charts.get(button.closest("figure"));
    if (!chart) return;
    chart.log = !chart.log;
    button.setAttribute("aria-pressed", String(chart.log));
    redraw(chart);
  });
}
darkness.addEventListener("change", () => charts.forEach(redraw));
shared.followers.add(showWindow);
shared.pointers.add((at) => {
  document.querySelector("[data-cursor]").textContent = at === null ? "" : `${momentText(time[nearest(time, at)])} UTC`;
});
showWindow();
document.documentElement.classList.add("scripted");
for (const figure of document.querySelectorAll("figure[data-kind]")) sight.observe(figure);
