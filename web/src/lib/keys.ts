// Whether a key press is meant for the page, and not for a field or a dialog.

export function isTyping(event: Event): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select');
}

/** A plain key, or with Shift; never one that the browser or system has a use for. */
export function isPlain(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
}

/** A modal dialog is open: only it hears keys. */
export function dialogOpen(): boolean {
  return document.querySelector('dialog[open]') !== null;
}
