// Helps a person write the query language; the server is who understands it. Pure.

/** The query with a filter added, an earlier one of the same key replaced. */
export function withFilter(query: string, filter: string): string {
  const key = filter.slice(0, filter.indexOf(':') + 1);
  const others = tokens(query).filter((token) => !token.startsWith(key));
  const value = filter.length > key.length;
  return [...others, filter].join(' ') + (value ? ' ' : '');
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
