const HOLD_MS = 450;
const SLOP = 8;

/** Attachment: a held touch selects instead of opening; a mouse has the check circle for that. */
export function longPress(held: () => void): (node: HTMLElement) => () => void {
  return (node) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let start = { x: 0, y: 0 };
    let done = false;
    const cancel = (): void => clearTimeout(timer);
    const down = (event: PointerEvent): void => {
      done = false;
      if (event.pointerType !== 'touch') return;
      start = { x: event.clientX, y: event.clientY };
      timer = setTimeout(() => {
        done = true;
        held();
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
    node.addEventListener('contextmenu', swallow);
    node.addEventListener('click', swallow, { capture: true });
    return cancel;
  };
}
