// SHA-256 of one file after another, beside the page's own thread. Small files by the browser, which
// wants them whole in memory and only on https or localhost; all others as a stream. No WebAssembly:
// the page's content security policy does not allow it.

import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';

export type Ask = { id: number; file: File } | { id: number; cancel: true };
export type Answer = { id: number; done: number } | { id: number; sha256: string } | { id: number; error: 'unreadable' };

/** Up to here a file is hashed in one piece. */
const WHOLE = 32 * 1024 * 1024;

const cancelled = new Set<number>();
const say = (answer: Answer): void => postMessage(answer);

addEventListener('message', ({ data }: MessageEvent<Ask>) => {
  if ('cancel' in data) cancelled.add(data.id);
  else void hash(data.id, data.file);
});

async function hash(id: number, file: File): Promise<void> {
  try {
    const digest = isSecureContext && file.size <= WHOLE ? await whole(file) : await streamed(id, file);
    if (digest !== null) say({ id, sha256: bytesToHex(digest) });
  } catch {
    say({ id, error: 'unreadable' });
  }
  cancelled.delete(id);
}

async function whole(file: File): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
}

/** Null when it was cancelled on the way. */
async function streamed(id: number, file: File): Promise<Uint8Array | null> {
  const hasher = sha256.create();
  const reader = file.stream().getReader();
  let done = 0;
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    if (cancelled.has(id)) {
      await reader.cancel();
      return null;
    }
    hasher.update(chunk.value);
    done += chunk.value.length;
    say({ id, done });
  }
  return hasher.digest();
}
