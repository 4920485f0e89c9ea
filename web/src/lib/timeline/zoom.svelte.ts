// How large the pictures of all grids are; kept in this browser.

import { USUAL_ZOOM, ZOOMS } from '../library/timeline';

const KEY = 'mv.zoom';

class Zoom {
  level = $state(read());

  get smallest(): boolean {
    return this.level === 0;
  }

  get largest(): boolean {
    return this.level === ZOOMS.length - 1;
  }

  by(steps: number): void {
    this.level = Math.min(ZOOMS.length - 1, Math.max(0, this.level + steps));
    localStorage.setItem(KEY, String(this.level));
  }
}

function read(): number {
  const saved = Number(globalThis.localStorage?.getItem(KEY) ?? USUAL_ZOOM);
  return saved in ZOOMS ? saved : USUAL_ZOOM;
}

export const zoom = new Zoom();
