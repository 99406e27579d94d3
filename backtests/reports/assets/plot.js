// One chart of the library: axes, grid, colours, and where its frame lies.
const { Models } = Bokeh;
const { Document } = Bokeh.require("document/document");

const LEFT = 4;
const RIGHT = 64;

function axisLook() {
  return {
    axis_line_color: null,
    major_tick_line_color: null,
    minor_tick_line_color: null,
    major_label_text_color: colour("muted"),
    major_label_text_font: FONT,
    major_label_text_font_size: "11px",
    major_label_standoff: 6,
  };
}

function timeAxis(width) {
  const formatter = new Models.DatetimeTickFormatter({ minutes: "%H:%M", hourmin: "%H:%M", hours: "%H:%M", days: "%d %b", months: "%b %Y", years: "%Y" });
  const ticker = new Models.DatetimeTicker({ desired_num_ticks: ticksOf(width) });
  return new Models.DatetimeAxis({ ...axisLook(), formatter, ticker });
}

function numberAxis(format, count) {
  const formatter = new Models.NumeralTickFormatter({ format });
  const ticker = new Models.BasicTicker({ desired_num_ticks: count });
  return new Models.LinearAxis({ ...axisLook(), formatter, ticker });
}

// As many labels as fit side by side, or one above the other.
const ticksOf = (pixels, each = 90) => Math.max(2, Math.floor(pixels / each));

// Returns a plot with a grid of its own; `below` and `right` are its axes.
function plotOf({ xRange, yRange, below, right, height, log = false, }) {
  const plot = new Models.Plot({
    x_range: xRange,
    y_range: yRange,
    ...(log ? { y_scale: new Models.LogScale() } : {}),
    height,
    sizing_mode: "stretch_width",
    toolbar_location: null,
    min_border_left: LEFT,
    min_border_right: RIGHT,
    min_border_top: 6,
    min_border_bottom: below ? 24 : 6,
    background_fill_color: null,
    border_fill_color: null,
    outline_line_color: null,
    lod_threshold: null,
  });
  if (below) plot.add_layout(below, "below");
  plot.add_layout(right, "right");
  plot.add_layout(new Models.Grid({ dimension: 1, ticker: right.ticker, grid_line_color: colour("grid") }), "center");
  return plot;
}

function draw(plot, glyph, source) {
  const renderer = new Models.GlyphRenderer({ data_source: source, glyph });
  plot.renderers = [...plot.renderers, renderer];
  return renderer;
}

const field = (name) => ({ field: name });
const sourceOf = (data) => new Models.ColumnDataSource({ data });

async function mount(plot, place) {
  const shown = new Document();
  shown.add_root(plot);
  const views = await Bokeh.embed.add_document_standalone(shown, place);
  return [...views][0];
}
