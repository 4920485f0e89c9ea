// A grid's view as state: where it begins, what lies in it, and how it keeps its place while what is
// above it changes.

import { untrack } from 'svelte';
import { carry, placeAt, topFor } from '../library/anchor';
import { spansWithin, Surveyor, type Geometry, type Span } from '../library/geometry';
import type { Library, Place } from '../library/library.svelte';
import { atFalseEnd, barFor, boxHeight, lastTop, moved, type Extent, type Scroll } from '../library/scroll';
import { measuresFor, type Measures } from '../library/timeline';
import { zoom } from './zoom.svelte';

/** The scroll bar rests after so long without a movement. */
const REST_MS = 140;
/** So near to the beginning one wants to see what is new there. */
const AT_TOP = 2;
/** Heights count in steps, so that a phone's vanishing address bar does not lay everything out anew. */
const HEIGHT_STEP = 200;
/** Steps to a screen. */
const STEPS = 4;

export class GridView {
  readonly #library: Library;
  readonly #surveyor = new Surveyor();
  width = $state(0);
  height = $state(0);
  #scroll = $state.raw<Scroll>({ top: 0, bar: 0 });
  /** Moving right now. */
  scrolling = $state(false);
  /** Moving by more than a screen at once: what is beside the view is not worth drawing then. */
  #leaping = $state(false);
  #rest: ReturnType<typeof setTimeout> | undefined;
  #shown: { geometry: Geometry; measures: Measures } | null = null;
  #node: HTMLElement | null = null;

  readonly measures = $derived.by(() => measuresFor(this.width, Math.ceil(this.height / HEIGHT_STEP) * HEIGHT_STEP, zoom.level));
  readonly geometry = $derived.by(() => this.#surveyor.survey(this.#library.buckets, this.measures));
  readonly extent: Extent = $derived({ height: this.geometry.height, view: this.height });
  readonly box = $derived(boxHeight(this.extent));
  /** From the grid's coordinates to those of the box that the browser scrolls. */
  readonly offset = $derived(this.#scroll.bar - this.#scroll.top);
  readonly #over = $derived(this.#leaping ? this.height / 8 : this.measures.byMonth ? this.height / 2 : this.height);
  /** What is drawn and asked for moves on in steps, so that most movements change nothing but the scroll bar. */
  readonly #step = $derived(Math.max(1, this.height / STEPS));
  readonly #first = $derived(Math.floor(this.top / this.#step) * this.#step);
  readonly #last = $derived(this.#first + this.#step + this.height);
  /** The part worth drawing. */
  readonly from = $derived(this.#first - this.#over);
  readonly to = $derived(this.#last + this.#over);
  readonly spans: readonly Span[] = $derived.by(() => this.#slice(this.from, this.to));

  /** Call while a component is set up. */
  constructor(library: Library) {
    this.#library = library;
    $effect.pre(() => {
      const [geometry, measures] = [this.geometry, this.measures];
      untrack(() => this.#keepPlace(geometry, measures));
    });
    $effect(() => {
      void this.box;
      untrack(() => this.#afterLayout());
    });
    $effect(() => () => clearTimeout(this.#rest));
  }

  get top(): number {
    return this.#scroll.top;
  }

  /** Spans in view, most urgent first, then those beside it. */
  get wanted(): string[] {
    const [first, end] = spansWithin(this.geometry, this.#first, this.#last);
    const { spans } = this.geometry;
    const [above, below] = spansWithin(this.geometry, this.from, this.to);
    const order = [...range(first, end), ...range(end, Math.max(below, end + 1)), ...range(Math.min(above, first - 1), first)];
    return order.flatMap((at) => spans[at]?.bucket.key ?? []);
  }

  attach(node: HTMLElement): () => void {
    this.#node = node;
    return () => (this.#node = null);
  }

  /** The browser has scrolled. */
  onscroll(): void {
    const bar = this.#node?.scrollTop ?? 0;
    if (bar === this.#scroll.bar) return;
    this.scrolling = true;
    const before = this.#scroll.top;
    this.#scroll = moved(this.#scroll, bar, this.extent);
    if (Math.abs(this.#scroll.top - before) > this.height) this.#leaping = true;
    clearTimeout(this.#rest);
    if (atFalseEnd(this.#scroll, this.extent)) this.#settle();
    this.#rest = setTimeout(() => this.#stop(), REST_MS);
  }

  /** Begins the view at `top`. */
  go(top: number): void {
    this.#scroll = { ...this.#scroll, top: Math.min(lastTop(this.extent), Math.max(0, top)) };
    this.#settle();
  }

  /** The same while the scrubber is pulled: what only flies past is not asked for. */
  scrub(top: number): void {
    this.scrolling = true;
    this.#leaping = true;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#stop(), REST_MS);
    this.go(top);
  }

  place(): Place | null {
    return placeAt(this.geometry, this.measures, this.top);
  }

  goTo(place: Place): void {
    this.go(topFor(this.geometry, this.measures, place));
  }

  #slice(from: number, to: number): readonly Span[] {
    const [first, end] = spansWithin(this.geometry, from, to);
    return this.geometry.spans.slice(first, end);
  }

  #keepPlace(geometry: Geometry, measures: Measures): void {
    const before = this.#shown;
    this.#shown = { geometry, measures };
    if (!before || before.geometry === geometry || this.height === 0) return;
    const { top, bar } = this.#scroll;
    if (top <= AT_TOP) return;
    const kept = carry(before.geometry, geometry, before.measures, measures, top, this.height);
    this.#scroll = { top: Math.min(lastTop(this.extent), Math.max(0, kept)), bar };
  }

  /** A box that became lower may have moved the bar; that is no movement of the reader's. */
  #afterLayout(): void {
    const node = this.#node;
    if (!node) return;
    if (node.scrollTop !== this.#scroll.bar) this.#scroll = { top: this.#scroll.top, bar: node.scrollTop };
    if (!this.scrolling) this.#settle();
  }

  #stop(): void {
    this.scrolling = false;
    this.#leaping = false;
    this.#settle();
  }

  /** Puts the scroll bar where it belongs; what is in view stays. */
  #settle(): void {
    const node = this.#node;
    if (!node) return;
    node.scrollTop = barFor(this.#scroll.top, this.extent);
    if (node.scrollTop !== this.#scroll.bar) this.#scroll = { top: this.#scroll.top, bar: node.scrollTop };
  }
}

const range = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
