// All trades at once: how their returns are spread, and how far they went astray.
class Cloud {
  constructor(figure) {
    this.figure = figure;
    this.place = figure.querySelector(".interactive");
  }

  async open() {
    this.place.replaceChildren();
    this.build();
    this.view = await mount(this.plot, this.place);
    this.figure.classList.add("mounted");
    this.silence = new AbortController();
    this.place.addEventListener("pointermove", (event) => this.read(event), { signal: this.silence.signal });
    this.place.addEventListener("pointerdown", (event) => this.read(event), { signal: this.silence.signal });
    this.place.addEventListener("wheel", (event) => event.stopPropagation(), { signal: this.silence.signal, capture: true });
    letPageScroll(this.place);
  }

  // The same wherever the window is.
  look() {}

  close() {
    this.silence?.abort();
    this.view?.remove();
  }

  frameOf(xs, ys, yFormat, include) {
    const [left, right] = padded(extent([...xs, [0]]));
    const [low, high] = padded(extent([...ys, [0]]));
    return plotOf({
      xRange: new Models.Range1d({ start: left, end: right }),
      yRange: new Models.Range1d({ start: include === "floor" ? 0 : low, end: high }),
      below: numberAxis(AXIS_FORMATS.percent, ticksOf(this.place.clientWidth, 60)),
      right: numberAxis(yFormat, ticksOf(this.place.clientHeight, 45)),
      height: this.place.clientHeight,
    });
  }

  say(text) {
    this.figure.querySelector("[data-line=cloud]").textContent = text;
  }

  // Where the pointer is, as shares of the frame.
  shares(event) {
    const { left, top, width, height } = this.view.frame.bbox;
    const box = this.place.getBoundingClientRect();
    return [(event.clientX - box.left - left) / width, 1 - (event.clientY - box.top - top) / height];
  }
}

function padded([low, high]) {
  const room = (high - low) * 0.05 || 0.01;
  return [low - room, high + room];
}

class DistributionCloud extends Cloud {
  build() {
    const { edges, counts } = payload.distribution;
    this.plot = this.frameOf([edges], [counts], AXIS_FORMATS.count, "floor");
    this.plot.x_range.setv({ start: edges[0], end: edges.at(-1) });
    const [gain, loss] = ["gain", "loss"].map(colour);
    const source = sourceOf({ left: edges.slice(0, -1), right: edges.slice(1), top: counts, shade: counts.map((_, i) => (edges[i] >= 0 ? gain : loss)) });
    const quad = new Models.Quad({ left: field("left"), right: field("right"), top: field("top"), bottom: { value: 0 }, fill_color: field("shade"), line_color: colour("surface"), fill_alpha: 0.85 });
    draw(this.plot, quad, source);
  }

  read(event) {
    const { edges, counts } = payload.distribution;
    const [across] = this.shares(event);
    const i = Math.floor(across * counts.length);
    if (i < 0 || i >= counts.length) return this.say("");
    return this.say(`${counts[i].toLocaleString("en-US")} from ${percentText(edges[i])} to ${percentText(edges[i + 1])}`);
  }
}

class ExcursionCloud extends Cloud {
  constructor(figure, name, trades) {
    super(figure);
    this.x = trades[name];
    this.trades = trades;
  }

  build() {
    const { x, trades } = this;
    this.plot = this.frameOf([x], [trades.return], AXIS_FORMATS.percent);
    for (const dimension of ["width", "height"]) {
      this.plot.add_layout(new Models.Span({ location: 0, dimension, line_color: colour("muted"), line_alpha: 0.6 }), "center");
    }
    if (this.figure.dataset.kind === "mfe") {
      this.plot.add_layout(new Models.Slope({ gradient: 1, y_intercept: 0, line_color: colour("muted"), line_dash: [3, 3] }), "center");
    }
    const [gain, loss] = ["gain", "loss"].map(colour);
    const source = sourceOf({ x, y: trades.return, shade: Array.from(trades.pnl, (pnl) => (pnl > 0 ? gain : loss)) });
    const size = x.length > 500 ? 4 : 7;
    draw(this.plot, new Models.Scatter({ x: field("x"), y: field("y"), size, fill_color: field("shade"), fill_alpha: 0.45, line_color: field("shade"), line_alpha: 0.9 }), source);
  }

  read(event) {
    const { x_range: across, y_range: up } = this.plot;
    const { width, height } = this.view.frame.bbox;
    const [sx, sy] = this.shares(event);
    let best = -1;
    let least = 20 ** 2;
    for (let i = 0; i < this.x.length; i++) {
      const dx = ((this.x[i] - across.start) / (across.end - across.start) - sx) * width;
      const dy = ((this.trades.return[i] - up.start) / (up.end - up.start) - sy) * height;
      if (dx * dx + dy * dy < least) [best, least] = [i, dx * dx + dy * dy];
    }
    if (best < 0) return this.say("");
    return this.say(`Entered ${momentText(this.trades.entryTime[best])}: ${percentText(this.x[best])} at the extreme, ${percentText(this.trades.return[best])} in the end`);
  }
}
