// Orders and narrows the rows of a table, and writes them as CSV. Pure.

export type Value = string | number | null;

export interface Column<Row> {
  key: string;
  label: string;
  /** What the column is ordered by and what its CSV says. */
  value: (row: Row) => Value;
  /** What is shown where it is more than the value. */
  text?: (row: Row) => string;
  /** Figures stand at the right. */
  numeric?: boolean;
}

export interface Order {
  key: string;
  down: boolean;
}

export function sorted<Row>(rows: readonly Row[], columns: readonly Column<Row>[], order: Order | null, locale: string): Row[] {
  const column = order ? columns.find(({ key }) => key === order.key) : undefined;
  if (!order || !column) return [...rows];
  const compare = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' }).compare;
  const sign = order.down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [column.value(a), column.value(b)];
    // What is not known stands last, whichever way the rest goes.
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
    return sign * compare(String(left), String(right));
  });
}

/** Rows in which every word of `text` occurs somewhere, as it is shown. */
export function narrowed<Row>(rows: readonly Row[], columns: readonly Column<Row>[], text: string): Row[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...rows];
  return rows.filter((row) => {
    const line = columns.map((column) => shown(column, row)).join(' ').toLowerCase();
    return words.every((word) => line.includes(word));
  });
}

export function shown<Row>(column: Column<Row>, row: Row): string {
  return column.text?.(row) ?? String(column.value(row) ?? '');
}

/** RFC 4180, with a mark that spreadsheets read as UTF-8. */
export function csv(rows: readonly (readonly Value[])[]): string {
  return `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

function cell(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // A spreadsheet takes these for formulas.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
