// ThumbHash (base64) as a picture to stand in until the real one is there.

import { thumbHashToDataURL } from 'thumbhash';

const KEPT = 2_000;
/** A screen of new tiles must not keep the page from answering: so long at most is drawn in one frame. */
const BUDGET_MS = 4;
const drawn = new Map<string, string>();
/** Who waits for which hash, oldest first. */
const waiting = new Map<string, Set<(url: string) => void>>();
let frame = 0;

/** A data URL, null when the hash is absent or damaged. */
export function placeholder(thumbhash: string | null): string | null {
  if (!thumbhash) return null;
  const known = drawn.get(thumbhash);
  if (known !== undefined) return known || null;
  const url = draw(thumbhash);
  drawn.set(thumbhash, url);
  for (const oldest of drawn.keys()) {
    if (drawn.size <= KEPT) break;
    drawn.delete(oldest);
  }
  return url || null;
}

/** Tells `then` once there was time to draw it; the answer takes the wish back. */
export function placeholderSoon(thumbhash: string, then: (url: string) => void): () => void {
  frame ||= requestAnimationFrame(work);
  const others = waiting.get(thumbhash) ?? new Set();
  waiting.set(thumbhash, others.add(then));
  return () => {
    others.delete(then);
    if (others.size === 0 && waiting.get(thumbhash) === others) waiting.delete(thumbhash);
  };
}

/** What was drawn before, at no cost. */
export function placeholderKnown(thumbhash: string | null): string | null {
  return (thumbhash && drawn.get(thumbhash)) || null;
}

function work(): void {
  const until = performance.now() + BUDGET_MS;
  for (const [thumbhash, listeners] of waiting) {
    waiting.delete(thumbhash);
    const url = placeholder(thumbhash);
    if (url !== null) for (const listener of listeners) listener(url);
    if (performance.now() > until) break;
  }
  frame = waiting.size > 0 ? requestAnimationFrame(work) : 0;
}

function draw(thumbhash: string): string {
  try {
    const bytes = Uint8Array.from(atob(thumbhash), (char) => char.charCodeAt(0));
    return bytes.length >= 5 ? thumbHashToDataURL(bytes) : '';
  } catch {
    return '';
  }
}
