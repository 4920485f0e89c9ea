// Sizes as people type them: gigabytes, with comma or point. Pure.

const GB = 1_000_000_000;

/** Null is no limit, undefined is no such size. */
export function bytesOf(gigabytes: string): number | null | undefined {
  const text = gigabytes.trim().replace(',', '.');
  if (text === '') return null;
  const value = Number(text);
  return Number.isFinite(value) && value > 0 && value <= 1e6 ? Math.round(value * GB) : undefined;
}

export function gigabytesOf(bytes: number | null): string {
  return bytes === null ? '' : String(Math.round((bytes / GB) * 1000) / 1000);
}
