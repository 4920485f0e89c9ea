// Speed over the last seconds, from which time left follows. Pure but for what it is told.

const WINDOW_MS = 8_000;

/** Before this, the time left would be guessed from what little was sent at first. */
const SETTLED_MS = 2_500;

export class Meter {
  #samples: { at: number; bytes: number }[] = [];

  /** `bytes` sent in all, at the time `at` in milliseconds. */
  add(at: number, bytes: number): void {
    this.#samples.push({ at, bytes });
    while (this.#samples.length > 2 && at - (this.#samples[0]?.at ?? at) > WINDOW_MS) this.#samples.shift();
  }

  reset(): void {
    this.#samples = [];
  }

  /** Bytes a second, 0 while unknown. */
  get speed(): number {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.at - first.at < 500) return 0;
    return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.at - first.at));
  }

  /** Seconds until `remaining` bytes are sent, null while unknown. */
  left(remaining: number): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.at - first.at < SETTLED_MS) return null;
    const speed = this.speed;
    return speed > 0 ? remaining / speed : null;
  }
}
