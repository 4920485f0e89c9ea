// What one admin view loads: asked for when the view opens, again after every change.

export class Fetched<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<unknown>(null);
  readonly #ask: () => Promise<T>;
  #latest = 0;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  /** The answer to the last question counts, in whatever order they come. */
  load = async (): Promise<void> => {
    const mine = ++this.#latest;
    try {
      const value = await this.#ask();
      if (mine !== this.#latest) return;
      this.value = value;
      this.error = null;
    } catch (error) {
      if (mine === this.#latest) this.error = error;
    }
  };
}
