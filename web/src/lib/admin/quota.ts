// Sizes as people type them: gigabytes, with comma or point. Pure.

const GB = 1_000_000_000;

/** Null is no limit, undefined is no such size. */
export function bytesOf(gigabytes: string): number | null | undefined {
  const text = gigabytes.trim().replace(',', '.');
  if (text === '') return null;
  const value = Number(text);
  return Number.isFinite(value) && value > 0 && value <= 1e6 ? Math.round(value * GB) : undefined;
}

/** As it is typed in this locale, without marks between thousands. */
export function gigabytesOf(bytes: number | null, locale: string): string {
  return bytes === null ? '' : (bytes / GB).toLocaleString(locale, { maximumFractionDigits: 3, useGrouping: false });
}

/** What was typed over `was`: left as it stood, it is `was` to the byte, which its text is not. */
export function bytesOver(was: number | null, gigabytes: string, locale: string): number | null | undefined {
  return gigabytes.trim() === gigabytesOf(was, locale) ? was : bytesOf(gigabytes);
}
