// Drags that select: with the mouse from a tile's circle, with a finger after a long press.

/** How near to the view's edge a drag scrolls, and how far a frame. */
const EDGE = 64;
const PACE = 14;

export interface Sweeping {
  begin: (id: string) => { to: (id: string) => unknown };
  scrollBy: (pixels: number) => void;
}

export interface Sweeper {
  attach: (node: HTMLElement) => () => void;
  /** A long press has begun a selection at this tile: what the finger does now goes on with it. */
  hold: (id: string) => void;
}

export function sweeping({ begin, scrollBy }: Sweeping): Sweeper {
  let sweep: { to: (id: string) => unknown } | null = null;
  let pointer = { x: 0, y: 0 };
  let pressed: string | null = null;
  let frame = 0;
  let area: HTMLElement | null = null;
  let swept = false;

  const tileAt = (x: number, y: number): string | null => {
    const found = document.elementFromPoint(x, y)?.closest('.tile')?.querySelector<HTMLElement>('[data-asset]');
    return found?.dataset['asset'] ?? null;
  };

  const follow = (): void => {
    const id = tileAt(pointer.x, pointer.y);
    if (id !== null) void sweep?.to(id);
  };

  const step = (): void => {
    if (!sweep || !area) return;
    const box = area.getBoundingClientRect();
    if (pointer.y < box.top + EDGE) scrollBy(-PACE);
    else if (pointer.y > box.bottom - EDGE) scrollBy(PACE);
    follow();
    frame = requestAnimationFrame(step);
  };

  const start = (id: string): void => {
    if (sweep) return;
    sweep = begin(id);
    frame = requestAnimationFrame(step);
  };

  const end = (): void => {
    swept = sweep !== null && pressed !== null;
    sweep = null;
    pressed = null;
    cancelAnimationFrame(frame);
  };

  const down = (event: PointerEvent): void => {
    swept = false;
    if (event.pointerType === 'touch' || event.button !== 0) return;
    if (event.target instanceof Element && event.target.closest('.check')) pressed = tileAt(event.clientX, event.clientY);
  };

  const move = (event: PointerEvent): void => {
    pointer = { x: event.clientX, y: event.clientY };
    if (pressed !== null && !sweep && tileAt(pointer.x, pointer.y) !== pressed) start(pressed);
  };

  // While a finger selects, the page must not scroll under it.
  const touch = (event: TouchEvent): void => {
    const finger = event.touches[0];
    if (!sweep || !finger) return;
    event.preventDefault();
    pointer = { x: finger.clientX, y: finger.clientY };
  };

  // The click that ends a drag is none.
  const click = (event: MouseEvent): void => {
    if (!swept) return;
    swept = false;
    event.preventDefault();
    event.stopPropagation();
  };

  return {
    hold: (id) => start(id),
    attach(node) {
      area = node;
      node.addEventListener('pointerdown', down);
      node.addEventListener('touchmove', touch, { passive: false });
      node.addEventListener('click', click, { capture: true });
      addEventListener('pointermove', move);
      for (const over of ['pointerup', 'touchend', 'touchcancel'] as const) addEventListener(over, end);
      return () => {
        end();
        removeEventListener('pointermove', move);
        for (const over of ['pointerup', 'touchend', 'touchcancel'] as const) removeEventListener(over, end);
      };
    },
  };
}
