// The price: candles, the trades between them, and the lines of the strategy.
const CANDLE_PIXELS = 4;

class PriceTrack extends Track {
  constructor(figure, shared, style, candles, trades) {
    super(figure, shared, style);
    this.candles = candles;
    this.trades = trades;
    this.bar = payload.bar * MINUTE;
  }

  drawBehind() {
    const shades = { line_color: field("shade"), fill_color: field("shade") };
    this.candleSource = sourceOf({ x: [], open: [], high: [], low: [], close: [], width: [], shade: [] });
    draw(this.plot, new Models.Segment({ x0: field("x"), x1: field("x"), y0: field("low"), y1: field("high"), line_color: field("shade") }), this.candleSource);
    draw(this.plot, new Models.VBar({ x: field("x"), width: field("width"), top: field("open"), bottom: field("close"), ...shades }), this.candleSource);
    this.pathSource = sourceOf({ x0: [], x1: [], y0: [], y1: [], shade: [] });
    draw(this.plot, new Models.Segment({ x0: field("x0"), x1: field("x1"), y0: field("y0"), y1: field("y1"), line_color: field("shade"), line_width: 1.5, line_alpha: 0.8, line_dash: [2, 2] }), this.pathSource);
    this.markSource = sourceOf({ x: [], y: [], marker: [], shade: [], fill: [], size: [] });
    const mark = new Models.Scatter({ x: field("x"), y: field("y"), marker: field("marker"), size: field("size"), line_color: field("shade"), fill_color: field("fill"), line_width: 1.5 });
    this.markRenderer = draw(this.plot, mark, this.markSource);
  }

  build() {
    super.build();
    // Marks lie above the lines, which were drawn after them.
    this.plot.renderers = [...this.plot.renderers.filter((r) => r !== this.markRenderer), this.markRenderer];
  }

  update() {
    const { start, end } = this.shared;
    const [from, to] = inSight(this.candles.time, start, end);
    const thin = thinCandles(this.candles, from, to, Math.max(60, Math.floor(this.place.clientWidth / CANDLE_PIXELS)));
    const span = thin.size * payload.bars_per_bucket * this.bar;
    const [up, down] = [colour("candle-up"), colour("candle-down")];
    this.candleSource.data = {
      x: thin.time.map((t) => t + (span - this.bar) / 2),
      open: thin.open,
      high: thin.high,
      low: thin.low,
      close: thin.close,
      width: new Float64Array(thin.time.length).fill(0.7 * span),
      shade: Array.from(thin.close, (close, i) => (close >= thin.open[i] ? up : down)),
    };
    this.markTrades(start, end);
    this.inSight = [thin.low, thin.high];
    super.update();
  }

  fit(arrays) {
    super.fit([...arrays, ...this.inSight]);
  }

  markTrades(start, end) {
    const { trades } = this;
    const seen = [];
    for (let i = 0; i < trades.side.length; i++) if (trades.exitTime[i] >= start && trades.entryTime[i] <= end) seen.push(i);
    const room = this.place.clientWidth / seen.length;
    const size = room < 5 ? 3 : room < 20 ? 6 : 9;
    const paths = { x0: [], x1: [], y0: [], y1: [], shade: [] };
    const marks = { x: [], y: [], marker: [], shade: [], fill: [], size: [] };
    const [gain, loss, surface] = ["gain", "loss", "surface"].map(colour);
    const [long, short] = ["long", "short"].map(colour);
    const mark = (x, y, marker, shade, fill) => {
      for (const [name, value] of Object.entries({ x, y, marker, shade, fill, size })) marks[name].push(value);
    };
    const open = payload.open_trade;
    if (open && open.entry_time * MINUTE <= end) {
      const side = open.side > 0 ? long : short;
      const [entered, now] = [open.entry_time * MINUTE, open.exit_time * MINUTE];
      for (const [name, value] of Object.entries({ x0: entered, x1: now, y0: open.entry_price, y1: open.exit_price, shade: side })) paths[name].push(value);
      mark(entered, open.entry_price, open.side > 0 ? "triangle" : "inverted_triangle", side, side);
    }
    for (const i of seen) {
      const result = trades.pnl[i] > 0 ? gain : loss;
      const side = trades.side[i] > 0 ? long : short;
      paths.x0.push(trades.entryTime[i]);
      paths.x1.push(trades.exitTime[i]);
      paths.y0.push(trades.entryPrice[i]);
      paths.y1.push(trades.exitPrice[i]);
      paths.shade.push(result);
      mark(trades.entryTime[i], trades.entryPrice[i], trades.side[i] > 0 ? "triangle" : "inverted_triangle", side, side);
      mark(trades.exitTime[i], trades.exitPrice[i], EXIT_MARKS[payload.reasons[trades.reason[i]]] ?? "circle", result, surface);
    }
    this.pathSource.data = paths;
    this.markSource.data = marks;
  }

  read(time) {
    super.read(time);
    const { candles } = this;
    const i = Math.max(lowerBound(candles.time, time + 1) - 1, 0);
    const parts = ["open", "high", "low", "close"].map((name) => `${name[0].toUpperCase()} ${priceText(candles[name][i])}`);
    this.say("candle", parts.join("  "));
  }
}

const EXIT_MARKS = { "stop loss": "x", "take profit": "diamond", "trailing stop": "square", liquidation: "star", bankrupt: "star" };
