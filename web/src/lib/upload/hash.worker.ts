// SHA-256 of one file after another, as a stream: crypto.subtle wants the whole file in memory and
// is missing on plain http.

import { createSHA256 } from 'hash-wasm';

export type Ask = { id: number; file: File } | { id: number; cancel: true };
export type Answer =
  | { id: number; done: number }
  | { id: number; sha256: string }
  | { id: number; error: 'unreadable' | 'unavailable' };

const cancelled = new Set<number>();
const say = (answer: Answer): void => postMessage(answer);

addEventListener('message', ({ data }: MessageEvent<Ask>) => {
  if ('cancel' in data) cancelled.add(data.id);
  else void hash(data.id, data.file);
});

async function hash(id: number, file: File): Promise<void> {
  let hasher;
  try {
    hasher = await createSHA256();
  } catch {
    say({ id, error: 'unavailable' });
    return;
  }
  try {
    const reader = file.stream().getReader();
    let done = 0;
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      if (cancelled.delete(id)) {
        await reader.cancel();
        return;
      }
      hasher.update(chunk.value);
      done += chunk.value.length;
      say({ id, done });
    }
    say({ id, sha256: hasher.digest('hex') });
  } catch {
    say({ id, error: 'unreadable' });
  }
}
