// Coordinates as people type or paste them. Pure.

export interface Position {
  lat: number;
  lon: number;
}

/** `52.5208, 13.4094`, with decimal commas too when semicolon or space part the two; else null. */
export function readPosition(text: string): Position | null {
  const clean = text.trim().replaceAll('−', '-');
  const parts = clean.includes(';') ? clean.split(';') : clean.includes(', ') ? clean.split(', ') : clean.split(/[\s,]+/);
  if (parts.length !== 2) return null;
  const [lat, lon] = parts.map((part) => Number(part.trim().replace(',', '.').replace(/°$/, '') || NaN)) as [number, number];
  const sane = Number.isFinite(lat) && Number.isFinite(lon) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  return sane ? { lat, lon } : null;
}
