// Which verb is asking a person for more: tags, a date, a place, a collection, or whether they are sure.

import type { Tile } from './tile';

export type Question = 'tags' | 'shift' | 'place' | 'collect' | 'delete' | 'rate';

class Asking {
  question = $state.raw<{ kind: Question; tiles: readonly Tile[]; done: () => void } | null>(null);
  /** A date to go to is asked for; what is to be done with it. */
  date = $state.raw<((day: string) => void) | null>(null);

  /** `done` is called once the verb was carried out, and not when it was called off. */
  ask(kind: Question, tiles: readonly Tile[], done: () => void = () => {}): void {
    this.question = { kind, tiles, done };
  }

  close(): void {
    this.question = null;
    this.date = null;
  }
}

export const asking = new Asking();
