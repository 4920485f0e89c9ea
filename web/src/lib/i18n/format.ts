// Numbers, sizes and times in a locale. Pure: the locale is passed in.

/** Making a formatter costs more than using it a hundred times, and a grid says a date on every tile. */
const formatters = new Map<string, Intl.DateTimeFormat>();

export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, options);
  formatters.set(key, made);
  return made;
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** A size in decimal units, as file managers and shops count: 12.4 MB. */
export function bytes(value: number, locale: string): string {
  let size = value;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || size >= 99.5 ? 0 : 1;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: digits,
  }).format(size);
}

/** A stretch of time in its one or two largest units: 45 sec, 3 min 20 sec, 2 hr 5 min. */
export function duration(seconds: number, locale: string): string {
  const whole = Math.max(1, Math.round(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'day'],
    [Math.floor(whole / 3600) % 24, 'hour'],
    [Math.floor(whole / 60) % 60, 'minute'],
    [whole % 60, 'second'],
  ];
  const first = parts.findIndex(([n]) => n > 0);
  return parts
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(n),
    )
    .join(' ');
}

/** How long a step took: 12 ms, 1.4 s. */
export function stepTime(ms: number, locale: string): string {
  const small = ms < 1000;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: small ? 'millisecond' : 'second',
    unitDisplay: 'short',
    maximumFractionDigits: small ? 0 : 1,
  }).format(small ? ms : ms / 1000);
}

export function number(value: number, locale: string, digits = 0): string {
  return value.toLocaleString(locale, { maximumFractionDigits: digits });
}

/** A wall time without zone (`2024-05-12T14:03:00`), shown as it was on the wall. */
export function wallTime(local: string, locale: string): string {
  const date = new Date(`${local.slice(0, 19)}Z`);
  if (Number.isNaN(date.getTime())) return local;
  return dateFormat(locale, { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' }).format(date);
}

/** The date and the time of day of a wall time, apart. */
export function wallParts(local: string, locale: string): { date: string; time: string } {
  const date = new Date(`${local.slice(0, 19)}Z`);
  if (Number.isNaN(date.getTime())) return { date: local, time: '' };
  return {
    date: date.toLocaleDateString(locale, { dateStyle: 'long', timeZone: 'UTC' }),
    time: date.toLocaleString(locale, { weekday: 'long', hour: 'numeric', minute: '2-digit', second: '2-digit', timeZone: 'UTC' }),
  };
}

/** Where a fact was read: `exif:DateTimeOriginal` is `EXIF DateTimeOriginal`. */
export function sourceName(source: string): string {
  const [scheme, ...tag] = source.split(':');
  return tag.length === 0 ? source : `${(scheme ?? '').toUpperCase()} ${tag.join(':')}`;
}

/** An instant in the reader's own time zone. */
export function instant(utc: string, locale: string): string {
  return new Date(utc).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
}

export function day(utc: string, locale: string): string {
  return new Date(utc).toLocaleDateString(locale, { dateStyle: 'medium' });
}

/** `1/200 s` for short exposures, `1.3 s` for long ones. */
export function exposure(seconds: number, locale: string): string {
  if (seconds > 0 && seconds < 0.3) return `1/${Math.round(1 / seconds)} s`;
  return `${number(seconds, locale, 1)} s`;
}

/** Decimal degrees with hemisphere: 48.13710° N, 11.57540° E. */
export function coordinates(lat: number, lon: number, locale: string): string {
  const part = (value: number, positive: string, negative: string): string =>
    `${Math.abs(value).toLocaleString(locale, { minimumFractionDigits: 5, maximumFractionDigits: 5 })}° ${
      value >= 0 ? positive : negative
    }`;
  const east = locale.startsWith('de') ? 'O' : 'E';
  return `${part(lat, 'N', 'S')}, ${part(lon, east, 'W')}`;
}
