// A chart over time: lines that share their window and their cursor with the others.
const PER_PIXEL = 2;

class Track {
  // `style` says how the chart looks: lines, unit, and what may stand behind them.
  constructor(figure, shared, style) {
    this.figure = figure;
    this.place = figure.querySelector(".interactive");
    this.shared = shared;
    this.style = style;
    this.log = false;
    this.inView = true;
    this.stale = false;
    this.follow = () => this.catchUp();
    this.pointed = (time) => this.point(time);
  }

  async open() {
    this.place.replaceChildren();
    this.build();
    this.update();
    this.view = await mount(this.plot, this.place);
    this.cursor = document.createElement("div");
    this.cursor.className = "cursor";
    this.place.append(this.cursor);
    this.figure.classList.add("mounted");
    this.listen();
    this.point(null);
  }

  close() {
    this.shared.followers.delete(this.follow);
    this.shared.pointers.delete(this.pointed);
    this.silence?.abort();
    this.view?.remove();
  }

  build() {
    const { shared, style } = this;
    const whole = [shared.first, shared.last];
    this.xRange = new Models.Range1d({ start: shared.start, end: shared.end, bounds: whole });
    this.yRange = new Models.Range1d({ start: 0, end: 1 });
    this.plot = plotOf({
      xRange: this.xRange,
      yRange: this.yRange,
      below: timeAxis(this.place.clientWidth),
      right: numberAxis(AXIS_FORMATS[style.unit], ticksOf(this.place.clientHeight, 45)),
      height: this.place.clientHeight,
      log: this.log,
    });
    this.addTools();
    this.drawBehind();
    this.sources = style.lines.map((line) => this.drawLine(line));
  }

  addTools() {
    const pan = new Models.PanTool({ dimensions: "width" });
    const zoom = new Models.WheelZoomTool({ dimensions: "width", maintain_focus: false });
    this.plot.toolbar.tools = [pan, zoom];
    this.plot.toolbar.active_drag = pan;
    this.plot.toolbar.active_scroll = zoom;
  }

  drawBehind() {
    const { base } = this.style;
    if (base === undefined) return;
    const span = new Models.Span({ location: base, dimension: "width", line_color: colour("muted"), line_dash: [3, 3], line_alpha: 0.7 });
    this.plot.add_layout(span, "center");
  }

  drawLine({ role, area, dashed }) {
    const source = sourceOf({ x: [], y: [] });
    const shade = colour(role);
    if (area !== undefined) {
      draw(this.plot, new Models.VArea({ x: field("x"), y1: { value: area }, y2: field("y"), fill_color: shade, fill_alpha: 0.16 }), source);
    }
    const look = { line_color: shade, line_width: 1.5, line_join: "round", ...(dashed ? { line_dash: [5, 3] } : {}) };
    draw(this.plot, new Models.Line({ x: field("x"), y: field("y"), ...look }), source);
    return source;
  }

  // What nobody sees is drawn when it comes into sight.
  catchUp() {
    this.stale = !this.inView;
    if (this.inView) this.update();
  }

  look(inView) {
    this.inView = inView;
    if (inView && this.stale) this.catchUp();
  }

  update() {
    const { start, end } = this.shared;
    this.moving = true;
    this.xRange.setv({ start, end });
    this.moving = false;
    const most = Math.max(200, PER_PIXEL * this.place.clientWidth);
    const shown = this.style.lines.map(({ time, values }) => thinLine(time, values, ...inSight(time, start, end), most));
    shown.forEach((line, i) => {
      this.sources[i].data = line;
    });
    this.fit(shown.map((line) => line.y));
  }

  // The values in sight fill the height.
  fit(arrays) {
    const { include } = this.style;
    const held = include === undefined || this.log ? arrays : [...arrays, [include]];
    let [low, high] = extent(held, this.log);
    if (low > high) return;
    if (this.log) {
      const room = Math.max((high / low) ** 0.05, 1.01);
      this.yRange.setv({ start: low / room, end: high * room });
      return;
    }
    const flat = low === high;
    const room = flat ? Math.abs(high) * 0.05 || 0.05 : (high - low) * 0.06;
    if (low !== include || flat) low -= room;
    if (high !== include) high += room;
    this.yRange.setv({ start: low, end: high });
  }

  listen() {
    this.silence = new AbortController();
    const { signal } = this.silence;
    this.xRange.change.connect(() => {
      if (!this.moving) this.shared.show(this.xRange.start, this.xRange.end);
    });
    this.shared.followers.add(this.follow);
    this.shared.pointers.add(this.pointed);
    this.place.addEventListener("pointermove", (event) => this.shared.point(this.timeAt(event)), { signal });
    this.place.addEventListener("pointerdown", (event) => this.shared.point(this.timeAt(event)), { signal });
    this.place.addEventListener("pointerleave", () => this.shared.point(null), { signal });
    this.place.addEventListener("dblclick", () => this.shared.whole(), { signal });
    // A wheel turns the page; held with Ctrl, or as a pinch, it zooms.
    this.place.addEventListener("wheel", (event) => event.ctrlKey || event.metaKey || event.stopPropagation(), { signal, capture: true });
    letPageScroll(this.place);
  }

  get frame() {
    return this.view.frame.bbox;
  }

  timeAt(event) {
    const { left, width } = this.frame;
    const share = (event.clientX - this.place.getBoundingClientRect().left - left) / width;
    if (share < 0 || share > 1) return null;
    return this.shared.start + share * (this.shared.end - this.shared.start);
  }

  // Shows the values at a time; those at the end of the window for null.
  point(time) {
    const { start, end } = this.shared;
    const away = time === null || time < start || time > end;
    this.cursor.hidden = away;
    if (!away) {
      const { left, width, top, height } = this.frame;
      Object.assign(this.cursor.style, { left: `${left + ((time - start) / (end - start)) * width}px`, top: `${top}px`, height: `${height}px` });
    }
    this.read(away ? end : time);
  }

  read(time) {
    for (const line of this.style.lines) {
      const value = line.values[nearest(line.time, time)];
      this.say(line.key, TEXTS[this.style.unit](value));
    }
  }

  say(key, text) {
    for (const place of this.figure.querySelectorAll(`[data-line="${key}"]`)) place.textContent = text;
  }
}

// The library keeps every touch to itself; up and down belong to the page.
function letPageScroll(place) {
  const roots = [place];
  while (roots.length) {
    for (const element of roots.pop().querySelectorAll("*")) {
      if (element.shadowRoot) roots.push(element.shadowRoot);
      if (element.classList.contains("bk-events")) element.style.setProperty("touch-action", "pan-y", "important");
    }
  }
}
