// The justified grid as pure geometry: assets in, boxes out. A band is a horizontal strip that holds
// one large day, or several small days side by side. All lengths are CSS pixels.

export interface Sized {
  id: string;
  /** Width over height as shown. */
  aspect: number;
  /** `YYYY-MM-DD`, or `YYYY-MM` where months are shown; equal days are adjacent. */
  day: string;
}

export interface Box {
  id: string;
  /** Position in the input. */
  index: number;
  /** Relative to the group. */
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Row {
  y: number;
  h: number;
  boxes: Box[];
}

export interface Group {
  /** Unique in the layout and stable while assets are added elsewhere. */
  key: string;
  day: string;
  x: number;
  w: number;
  /** Indexes into the input, end exclusive. */
  first: number;
  end: number;
  rows: Row[];
}

export interface Band {
  y: number;
  h: number;
  groups: Group[];
}

export interface Layout {
  bands: Band[];
  height: number;
}

export interface Measures {
  width: number;
  /** Wished height of a row. */
  rowHeight: number;
  gap: number;
  /** Height of a day's heading. */
  heading: number;
  /** Space under a band. */
  bandGap: number;
  /** Space between days that share a band. */
  groupGap: number;
  /** No day is much narrower, so that its heading can be read. */
  minGroup: number;
  /** One heading a month instead of one a day. */
  byMonth: boolean;
}

/** Row heights to choose from, small to large; the smallest two show months instead of days. */
export const ZOOMS = [0.36, 0.55, 1, 1.5] as const;
export const USUAL_ZOOM = 2;
const BY_MONTH = 1;
/** Days that share a band are narrowed and enlarged at most so far. */
const LEAST = 0.72;
const MOST = 1.3;
/** No day is narrowed further below the width that its heading needs. */
const SLIMMEST = 0.85;
/** A screenful holds about so many tiles at most, whatever its size. */
const DENSEST = 190;

export function measuresFor(width: number, height = 0, zoom: number = USUAL_ZOOM): Measures {
  const phone = width < 640;
  const usual = phone ? 120 : width < 1100 ? 190 : 224;
  const floor = Math.sqrt((width * height) / DENSEST / 1.35);
  return {
    width,
    rowHeight: Math.round(Math.max(usual * (ZOOMS[zoom] ?? 1), floor)),
    gap: phone ? 3 : 4,
    heading: 44,
    bandGap: phone ? 8 : 16,
    groupGap: phone ? 12 : 20,
    minGroup: phone ? 96 : 152,
    byMonth: zoom <= BY_MONTH,
  };
}

/** Slimmer or wider pictures are cropped to this, so that a panorama does not flatten its row. */
export function clampAspect(width: number | null, height: number | null): number {
  if (!width || !height) return 1;
  return Math.min(3, Math.max(0.5, width / height));
}

export function layOut(items: readonly Sized[], measures: Measures): Layout {
  const bands: Band[] = [];
  let y = 0;
  let shared: Group[] = [];
  const close = (groups: Group[]): void => {
    if (groups.length === 0) return;
    const last = Math.max(...groups.map((group) => rowsHeight(group.rows)));
    const h = measures.heading + last;
    bands.push({ y, h, groups });
    y += h + measures.bandGap;
  };
  for (const group of groupsOf(items, measures)) {
    if (!isSmall(group, measures)) {
      close(stretch(shared, measures));
      shared = [];
      close([group]);
    } else if (shared.length > 0 && !joins(group, shared, measures)) {
      close(stretch(shared, measures));
      shared = [group];
    } else {
      shared.push({ ...group, x: rightEdge(shared, measures) });
    }
  }
  close(stretch(shared, measures));
  return { bands, height: Math.max(0, y - measures.bandGap) };
}

function* groupsOf(items: readonly Sized[], measures: Measures): Generator<Group> {
  const seen = new Map<string, number>();
  let first = 0;
  while (first < items.length) {
    const day = items[first]?.day ?? '';
    let end = first + 1;
    while (end < items.length && items[end]?.day === day) end += 1;
    const repeat = seen.get(day) ?? 0;
    seen.set(day, repeat + 1);
    const rows = justify(items, first, end, measures);
    const w = Math.max(measures.minGroup, ...rows.map(rowWidth));
    yield { key: repeat === 0 ? day : `${day}#${repeat}`, day, x: 0, w, first, end, rows };
    first = end;
  }
}

/** Fills rows greedily; a row is closed where its height comes nearest to the wished one. */
export function justify(items: readonly Sized[], first: number, end: number, measures: Measures): Row[] {
  const rows: Row[] = [];
  let start = first;
  let sum = 0;
  let y = 0;
  const heightFor = (aspects: number, count: number): number =>
    (measures.width - measures.gap * (count - 1)) / aspects;
  const push = (stop: number, h: number): void => {
    rows.push(row(items, start, stop, y, h, measures.gap));
    y += h + measures.gap;
    start = stop;
  };
  for (let at = first; at < end; at += 1) {
    const aspect = items[at]?.aspect ?? 1;
    const count = at - start + 1;
    const withIt = heightFor(sum + aspect, count);
    if (withIt > measures.rowHeight) {
      sum += aspect;
      continue;
    }
    const without = count > 1 ? heightFor(sum, count - 1) : Infinity;
    if (without - measures.rowHeight < measures.rowHeight - withIt) {
      push(at, without);
      sum = aspect;
    } else {
      push(at + 1, withIt);
      sum = 0;
    }
  }
  if (start < end) push(end, Math.min(measures.rowHeight, heightFor(sum, end - start)));
  return rows;
}

function row(items: readonly Sized[], from: number, to: number, y: number, h: number, gap: number): Row {
  const boxes: Box[] = [];
  let x = 0;
  for (let index = from; index < to; index += 1) {
    const item = items[index];
    if (!item) continue;
    const w = item.aspect * h;
    boxes.push({ id: item.id, index, x, y, w, h });
    x += w + gap;
  }
  return { y, h, boxes };
}

function rowWidth(one: Row): number {
  const last = one.boxes.at(-1);
  return last ? last.x + last.w : 0;
}

function rowsHeight(rows: Row[]): number {
  const last = rows.at(-1);
  return last ? last.y + last.h : 0;
}

function isSmall(group: Group, measures: Measures): boolean {
  return group.rows.length === 1 && group.w < measures.width - measures.minGroup;
}

function rightEdge(groups: Group[], measures: Measures): number {
  const last = groups.at(-1);
  return last ? last.x + last.w + measures.groupGap : 0;
}

/** Whether the band ends nearer to flush with the group than without. */
function joins(group: Group, shared: readonly Group[], measures: Measures): boolean {
  const together = [...shared, group];
  const [without, withIt] = [fit(shared, measures), fit(together, measures)];
  const readable = Math.min(...together.map((one) => one.w)) * withIt >= SLIMMEST * measures.minGroup;
  return withIt >= 1 || (withIt >= LEAST && readable && 1 / withIt < without);
}

/** What the widths of days that share a band must be multiplied by for it to end flush. */
function fit(groups: readonly Group[], { width, groupGap }: Measures): number {
  return (width - groupGap * (groups.length - 1)) / groups.reduce((sum, group) => sum + group.w, 0);
}

/** Enlarges or narrows days that share a band a little, so that the band ends flush when it nearly does. */
function stretch(groups: Group[], measures: Measures): Group[] {
  const factor = fit(groups, measures);
  if (groups.length < 2 || factor > MOST) return groups;
  let x = 0;
  return groups.map((group) => {
    const scaled = { ...group, x, w: group.w * factor, rows: group.rows.map((one) => scaleRow(one, factor)) };
    x += scaled.w + measures.groupGap;
    return scaled;
  });
}

function scaleRow(one: Row, factor: number): Row {
  const boxes = one.boxes.map((box) => ({ ...box, x: box.x * factor, w: box.w * factor, h: box.h * factor }));
  return { y: one.y, h: one.h * factor, boxes };
}
