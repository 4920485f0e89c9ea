// Pointers on the stage: drag, pinch, swipe, wheel, double-click. Says what the hand did, not what it means.

import type { Point } from './zoom';

export interface Hand {
  /** One pointer moved by this much. */
  onDrag?: (dx: number, dy: number, touch: boolean) => void;
  /** Two pointers: their distance changed by this factor around this point. */
  onPinch?: (factor: number, around: Point) => void;
  /** The last pointer left; what one pointer travelled in all, and how fast (px/ms). */
  onRelease?: (travel: Point, speed: Point, touch: boolean) => void;
  onWheel?: (factor: number, around: Point) => void;
  onDouble?: (around: Point) => void;
}

const SWIPE = 70;
const FLICK = 0.5;
const FLICK_LEAST = 20;

/** What a finished movement of one finger asks for. Pure. */
export function swipeOf(travel: Point, speed: Point): 'next' | 'previous' | 'close' | null {
  const [across, down] = [Math.abs(travel.x), Math.abs(travel.y)];
  if (across > down) {
    const far = across > SWIPE || (Math.abs(speed.x) > FLICK && across > FLICK_LEAST);
    if (!far) return null;
    return travel.x < 0 ? 'next' : 'previous';
  }
  return travel.y > 1.5 * SWIPE ? 'close' : null;
}

const TAP_MS = 300;
const TAP_SLOP = 24;

export function gestures(hand: Hand): (node: HTMLElement) => () => void {
  return (node) => {
    const down = new Map<number, Point>();
    let start: Point = { x: 0, y: 0 };
    let startedAt = 0;
    let pinched = false;
    let lastTap: (Point & { at: number }) | null = null;

    const local = (event: MouseEvent): Point => {
      const box = node.getBoundingClientRect();
      return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
    };

    const onDown = (event: PointerEvent): void => {
      const onControl = event.target instanceof Element && event.target.closest('a, button') !== null;
      if (event.button !== 0 || onControl) return;
      node.setPointerCapture(event.pointerId);
      down.set(event.pointerId, local(event));
      if (down.size === 1) {
        start = local(event);
        startedAt = event.timeStamp;
        pinched = false;
      } else {
        pinched = true;
      }
    };

    const onMove = (event: PointerEvent): void => {
      const before = down.get(event.pointerId);
      if (!before) return;
      const now = local(event);
      const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
      down.set(event.pointerId, now);
      if (!other) {
        if (!pinched) hand.onDrag?.(now.x - before.x, now.y - before.y, event.pointerType !== 'mouse');
        return;
      }
      const span = (point: Point): number => Math.hypot(point.x - other.x, point.y - other.y) || 1;
      hand.onPinch?.(span(now) / span(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    };

    const onUp = (event: PointerEvent): void => {
      if (!down.delete(event.pointerId) || down.size > 0) return;
      const now = local(event);
      const travel = pinched ? { x: 0, y: 0 } : { x: now.x - start.x, y: now.y - start.y };
      const time = Math.max(1, event.timeStamp - startedAt);
      const touch = event.pointerType !== 'mouse';
      if (touch && !pinched && Math.hypot(travel.x, travel.y) < TAP_SLOP && time < TAP_MS) tap(now, event.timeStamp);
      hand.onRelease?.(travel, { x: travel.x / time, y: travel.y / time }, touch);
    };

    const tap = (point: Point, at: number): void => {
      const near = lastTap && Math.hypot(lastTap.x - point.x, lastTap.y - point.y) < TAP_SLOP * 2;
      if (lastTap && near && at - lastTap.at < TAP_MS) {
        lastTap = null;
        hand.onDouble?.(point);
      } else {
        lastTap = { ...point, at };
      }
    };

    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
      // A trackpad pinch arrives as a wheel with ctrlKey and small deltas.
      hand.onWheel?.(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.002)), local(event));
    };

    const onDouble = (event: MouseEvent): void => hand.onDouble?.(local(event));

    node.addEventListener('pointerdown', onDown);
    node.addEventListener('pointermove', onMove);
    node.addEventListener('pointerup', onUp);
    node.addEventListener('pointercancel', onUp);
    node.addEventListener('wheel', onWheel, { passive: false });
    node.addEventListener('dblclick', onDouble);
    return () => node.removeEventListener('wheel', onWheel);
  };
}
