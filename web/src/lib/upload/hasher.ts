// The page's side of the hash worker.

import type { Answer, Ask } from './hash.worker';

/** The file cannot be read (moved, changed, no permission). */
export class Unreadable extends Error {}

interface Waiting {
  resolve: (sha256: string | null) => void;
  reject: (error: unknown) => void;
  onProgress: (done: number) => void;
}

export class Hasher {
  #worker: Worker | null = null;
  #waiting = new Map<number, Waiting>();
  #next = 1;

  /** The hash in hex; null where no worker can run, then the server finds duplicates alone. */
  hash(file: File, onProgress: (done: number) => void, signal: AbortSignal): Promise<string | null> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, onProgress });
      signal.addEventListener(
        'abort',
        () => {
          this.#post({ id, cancel: true });
          this.#waiting.delete(id);
          reject(signal.reason);
        },
        { once: true },
      );
      this.#post({ id, file });
    });
  }

  #post(ask: Ask): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(ask);
  }

  #start(): Worker {
    const worker = new Worker(new URL('./hash.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#hear(data);
    worker.onerror = () => {
      for (const waiting of this.#waiting.values()) waiting.resolve(null);
      this.#waiting.clear();
    };
    return worker;
  }

  #hear(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (!waiting) return;
    if ('done' in answer) {
      waiting.onProgress(answer.done);
      return;
    }
    this.#waiting.delete(answer.id);
    if ('sha256' in answer) waiting.resolve(answer.sha256);
    else waiting.reject(new Unreadable());
  }
}
