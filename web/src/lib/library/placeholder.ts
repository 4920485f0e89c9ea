// ThumbHash (base64) as a picture to stand in until the real one is there.

import { thumbHashToDataURL } from 'thumbhash';

const KEPT = 2_000;
const drawn = new Map<string, string>();

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

function draw(thumbhash: string): string {
  try {
    const bytes = Uint8Array.from(atob(thumbhash), (char) => char.charCodeAt(0));
    return bytes.length >= 5 ? thumbHashToDataURL(bytes) : '';
  } catch {
    return '';
  }
}
