// The stretch of time that every chart over time shows, and the place of the cursor.
const LEAST_POINTS = 12;

class TimeWindow {
  // `room` is left at both ends, so that the outer candles are whole.
  constructor(time, room) {
    this.first = time[0] - room;
    this.last = time[time.length - 1] + room;
    const step = (this.last - this.first) / time.length;
    this.least = Math.min(LEAST_POINTS * step, this.last - this.first);
    this.start = this.first;
    this.end = this.last;
    this.followers = new Set();
    this.pointers = new Set();
    this.waiting = false;
  }

  get isWhole() {
    return this.start <= this.first && this.end >= this.last;
  }

  show(start, end) {
    const span = Math.min(Math.max(end - start, this.least), this.last - this.first);
    const from = Math.min(Math.max((start + end - span) / 2, this.first), this.last - span);
    if (from === this.start && from + span === this.end) return;
    this.start = from;
    this.end = from + span;
    this.tell();
  }

  zoom(factor) {
    const middle = (this.start + this.end) / 2;
    const half = ((this.end - this.start) * factor) / 2;
    this.show(middle - half, middle + half);
  }

  shift(share) {
    const by = (this.end - this.start) * share;
    // Against an edge the window stops; it does not shrink.
    const room = by > 0 ? Math.min(by, this.last - this.end) : Math.max(by, this.first - this.start);
    this.show(this.start + room, this.end + room);
  }

  recent(milliseconds) {
    this.show(this.last - milliseconds, this.last);
  }

  whole() {
    this.show(this.first, this.last);
  }

  // Once a frame is often enough, however fast the pointer is.
  tell() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      for (const follower of this.followers) follower();
    });
  }

  point(time) {
    for (const pointer of this.pointers) pointer(time);
  }
}
