// Short messages at the foot of the page, some with one action (undo).

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'danger';
  action: { label: string; run: () => void } | null;
  /** Milliseconds it stays; the clock stops while the pointer or focus is on it. */
  lasts: number;
}

export const UNDO_TIME = 10_000;
const PLAIN_TIME = 5_000;
const AT_MOST = 3;

class Toasts {
  list = $state.raw<Toast[]>([]);
  #next = 1;

  say(text: string): void {
    this.#add({ text, tone: 'plain', action: null, lasts: PLAIN_TIME });
  }

  fail(text: string): void {
    this.#add({ text, tone: 'danger', action: null, lasts: UNDO_TIME });
  }

  offer(text: string, label: string, run: () => void): void {
    this.#add({ text, tone: 'plain', action: { label, run }, lasts: UNDO_TIME });
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  #add(toast: Omit<Toast, 'id'>): void {
    this.list = [...this.list, { ...toast, id: this.#next++ }].slice(-AT_MOST);
  }
}

export const toasts = new Toasts();
