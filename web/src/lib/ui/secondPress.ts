// The second press of a double click is meant for what the first one was. What has come to lie under the
// pointer meanwhile is not pressed by it: the backdrop of a dialog that has just opened, the verb of a
// row that moved up.

const CONTROL = 'a, button, input, select, textarea, label, summary, dialog, [role]';

type Control = Element | null;

/** Watches every click before whoever it is for, and gives back how to stop. */
export function guardSecondPress(page: EventTarget): () => void {
  let meant: Control = null;
  const onclick = (event: Event): void => {
    const { detail: press, target } = event as MouseEvent;
    const under = controlAt(target);
    if (press === 1) meant = under;
    else if (isStray(press, under, meant)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };
  for (const type of ['click', 'dblclick']) page.addEventListener(type, onclick, true);
  return () => {
    for (const type of ['click', 'dblclick']) page.removeEventListener(type, onclick, true);
  };
}

/** `press` counts up while clicks follow quickly at one place; keys and programs click with 0. */
export function isStray(press: number, under: Control, meant: Control): boolean {
  return press > 1 && under !== meant;
}

function controlAt(target: EventTarget | null): Control {
  return target instanceof Element ? target.closest(CONTROL) : null;
}
