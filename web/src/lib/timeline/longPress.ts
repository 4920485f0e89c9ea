const HOLD_MS = 450;
const SLOP = 8;

/** Attachment: a touch held on a tile selects it instead of opening it; a mouse has the check circle for that. */
export function longPress(held: (id: string) => void): (node: HTMLElement) => () => void {
  return (node) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let start = { x: 0, y: 0 };
    let done = false;
    const cancel = (): void => clearTimeout(timer);
    const down = (event: PointerEvent): void => {
      done = false;
      const face = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-asset]') : null;
      const id = face?.dataset['asset'];
      if (event.pointerType !== 'touch' || id === undefined) return;
      start = { x: event.clientX, y: event.clientY };
      timer = setTimeout(() => {
        done = true;
        held(id);
      }, HOLD_MS);
    };
    const move = (event: PointerEvent): void => {
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > SLOP) cancel();
    };
    const swallow = (event: Event): void => {
      if (!done) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.type === 'click') done = false;
    };
    node.addEventListener('pointerdown', down);
    node.addEventListener('pointermove', move);
    node.addEventListener('pointerup', cancel);
    node.addEventListener('pointercancel', cancel);
    node.addEventListener('contextmenu', swallow, { capture: true });
    node.addEventListener('click', swallow, { capture: true });
    return cancel;
  };
}
