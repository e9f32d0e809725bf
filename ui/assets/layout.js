// @ts-check
// Where every photo goes: rows of equal height that fill the width, month by month.
// Exact for the whole album at once, so that the scroll bar never lies.

/**
 * @typedef {{title: string, short: string, year: number, count: number,
 *   flows?: boolean}} Section `flows`: what comes next goes on without a gap
 * @typedef {{count: number, ids: ArrayLike<number>, ratios: ArrayLike<number>,
 *   colours: ArrayLike<number>, sections: Section[]}} Source
 *   `ratios` are width / height.
 * @typedef {{width: number, rowHeight: number, gap: number, titleHeight: number,
 *   sectionGap: number, sectionWidth: number, shelfGap: number, below: number,
 *   narrowest: number, widest: number}} Measures
 *   in pixels, but for the ratios between which photos are shown whole; `sectionWidth` is what a title needs, `shelfGap` lies between two
 *   sections on one line, `below` is room for text under each photo.
 */

/** A row is at most this much higher than wished, even to fill the width. */
const STRETCH = 1.35;

export class Layout {
  /**
   * @param {Source} source
   * @param {Measures} measures
   */
  constructor(source, measures) {
    this.source = source;
    this.measures = measures;
    /** @type {number[]} first photo of each row; one more at the end */
    this.starts = [];
    /** @type {number[]} top of each row, in pixels */
    this.tops = [];
    /** @type {number[]} where each row begins from the left, in pixels */
    this.lefts = [];
    /** @type {number[]} height of each row's photos, in pixels */
    this.heights = [];
    /** @type {number[]} top of each section */
    this.sectionTops = [];
    /** @type {number[]} where each section begins from the left */
    this.sectionLefts = [];
    this.height = 0;
    let first = 0;
    let used = 0; // how much of the line is taken by short sections
    source.sections.forEach((section, index) => {
      const end = first + section.count;
      const natural = this.#natural(first, end);
      const after = source.sections[index + 1];
      const joins = used > 0 && used + natural <= measures.width;
      const isJoined = Boolean(after?.title) &&
        used * Number(joins) + natural + measures.shelfGap +
          this.#natural(end, end + after.count) <= measures.width;
      if (!joins) used = 0;
      this.#section(section, first, used, isJoined);
      used = joins || isJoined ? used + natural + measures.shelfGap : 0;
      first = end;
    });
    this.starts.push(first);
  }

  /**
   * One section, on a line of its own or on that of the one before: months of few
   * photos share a line.
   * @param {Section} section
   * @param {number} first
   * @param {number} left where it begins; 0 is a new line
   * @param {boolean} isJoined whether the next one comes beside it
   */
  #section(section, first, left, isJoined) {
    const { titleHeight, sectionGap, rowHeight } = this.measures;
    this.sectionLefts.push(left);
    if (left > 0) {
      this.sectionTops.push(this.sectionTops[this.sectionTops.length - 1]);
      this.#place(first, this.tops[this.tops.length - 1], left, rowHeight);
      return;
    }
    this.sectionTops.push(this.height);
    this.height += section.title ? titleHeight : 0;
    if (isJoined) this.#row(first, rowHeight);
    else this.#rows(first, first + section.count);
    this.height += section.flows ? 0 : sectionGap;
  }

  /**
   * The width of some photos side by side at the wished height, or of their title.
   * @param {number} first
   * @param {number} end
   */
  #natural(first, end) {
    const { width, rowHeight, gap, sectionWidth } = this.measures;
    let total = -gap;
    for (let index = first; index < end && total < width; index += 1) {
      total += this.ratio(index) * rowHeight + gap;
    }
    return Math.max(total, sectionWidth);
  }

  /**
   * The rows of one section: as many as come nearest to the wished height, each ended
   * where its share of the whole is reached, so that no line has one photo left over.
   * @param {number} first
   * @param {number} end
   */
  #rows(first, end) {
    const { width, rowHeight, gap } = this.measures;
    let whole = 0;
    for (let index = first; index < end; index += 1) whole += this.ratio(index);
    const rows = Math.round((whole * rowHeight) / width);
    const highest = rowHeight * (rows > 0 ? STRETCH : 1);
    const share = rows > 0 ? whole / rows : 2 * whole;
    let start = first;
    let before = 0; // of the whole, in the rows that are finished
    let ratios = 0;
    for (let index = first; index < end; index += 1) {
      ratios += this.ratio(index);
      const over = before + ratios - Math.round(before / share + 1) * share;
      const height = (width - gap * (index - start)) / ratios;
      const goesOn = height > highest ||
        Math.abs(over + this.ratio(index + 1)) < Math.abs(over);
      if (goesOn && index + 1 < end) continue;
      this.#row(start, Math.min(height, highest));
      start = index + 1;
      before += ratios;
      ratios = 0;
    }
  }

  /**
   * A row below everything so far.
   * @param {number} start
   * @param {number} height
   */
  #row(start, height) {
    this.#place(start, this.height, 0, height);
    this.height += height + this.measures.below + this.measures.gap;
  }

  /**
   * @param {number} start
   * @param {number} top
   * @param {number} left
   * @param {number} height
   */
  #place(start, top, left, height) {
    this.starts.push(start);
    this.tops.push(top);
    this.lefts.push(left);
    this.heights.push(height);
  }

  /** Width / height of a photo as it is shown. @param {number} index */
  ratio(index) {
    const { narrowest, widest } = this.measures;
    return Math.min(widest, Math.max(narrowest, this.source.ratios[index] || 1));
  }

  /** The last row that begins at or above `top`. @param {number} top */
  rowAt(top) {
    return Math.max(0, lastNotAbove(this.tops, top));
  }

  /** The row that holds a photo. @param {number} index */
  rowOf(index) {
    return Math.min(this.tops.length - 1, lastNotAbove(this.starts, index));
  }

  /** The section at a height. @param {number} top */
  sectionAt(top) {
    return Math.max(0, lastNotAbove(this.sectionTops, top));
  }
}

/**
 * The sizes that suit a width.
 * @param {number} stage width of the grid, in pixels; 0 while it is out of sight
 * @param {number} below height of the text under each photo, in pixels
 * @returns {Measures}
 */
export function measuresFor(stage, below) {
  const width = Math.max(200, stage);
  const small = width < 700;
  return {
    width,
    rowHeight: small ? (below ? 140 : 128) : width < 1100 ? 180 : 214,
    gap: small ? 3 : 4,
    titleHeight: small ? 44 : 52,
    sectionGap: small ? 14 : 22,
    // Months of few photos share a line; results and weaker ones never do.
    sectionWidth: below ? width : small ? 150 : 190,
    shelfGap: small ? 14 : 28,
    below,
    // Text needs some width, and a result should not fill a line.
    narrowest: below ? 0.75 : 0.5,
    widest: below ? 2 : 3.2,
  };
}

/**
 * Index of the last value that is not larger than `wanted`, or -1. Sorted values.
 * @param {number[]} values
 * @param {number} wanted
 */
function lastNotAbove(values, wanted) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
