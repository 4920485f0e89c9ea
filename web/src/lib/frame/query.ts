// Helps a person write the query language; the server is who understands it. Pure.

/** The query with a filter added, an earlier one of the same key replaced. */
export function withFilter(query: string, filter: string): string {
  const key = filter.slice(0, filter.indexOf(':') + 1);
  const others = tokens(query).filter((token) => !token.startsWith(key));
  const value = filter.length > key.length;
  return [...others, filter].join(' ') + (value ? ' ' : '');
}

/** The part of a query that is being written at its end; empty after a space. */
export function unfinished(query: string): string {
  return /\s$/.test(query) || query === '' ? '' : (tokens(query).at(-1) ?? '');
}

/** The query with what is being written replaced by a whole filter. */
export function completed(query: string, filter: string): string {
  const last = unfinished(query);
  const kept = query.slice(0, query.length - last.length).trimEnd();
  return `${kept === '' ? '' : `${kept} `}${filter} `;
}

export interface Chip {
  /** As written. */
  text: string;
  key: string;
  value: string;
  negated: boolean;
}

/** The filters of a query, apart from its words. */
export function chipsOf(query: string): Chip[] {
  return tokens(query).flatMap((text) => {
    const found = /^(-?)([a-z]+):(.+)$/.exec(text);
    const [, minus, key, value] = found ?? [];
    if (key === undefined || value === undefined) return [];
    return [{ text, key, value: value.replaceAll('"', ''), negated: minus === '-' }];
  });
}

/** The query without one of its parts. */
export function withoutPart(query: string, part: string): string {
  const parts = tokens(query);
  const at = parts.indexOf(part);
  return at < 0 ? query : parts.toSpliced(at, 1).join(' ');
}

/** A filter with its value, quoted where it must be. */
export function filterOf(key: string, value: string): string {
  return /[\s"]/.test(value) ? `${key}:"${value.replaceAll('"', '')}"` : `${key}:${value}`;
}

/** Words and `key:"quoted values"`, as written. */
function tokens(query: string): string[] {
  return query.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
}

/** The part of a query at a character position, for saying where it went wrong. */
export function partAt(query: string, position: number): string {
  return [...query].slice(position).join('').match(/^(?:[^\s"]|"[^"]*"?)+/)?.[0] ?? '';
}

/** The position that the server's explanation names: `… (at character 4)`. */
export function positionIn(detail: string): number | null {
  const found = /at character (\d+)/.exec(detail);
  return found ? Number(found[1]) : null;
}
