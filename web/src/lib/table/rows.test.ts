import { describe, expect, it } from 'vitest';
import { csv, narrowed, sorted, type Column } from './rows';

interface Row {
  name: string;
  size: number | null;
}

const columns: Column<Row>[] = [
  { key: 'name', label: 'Name', value: (row) => row.name },
  { key: 'size', label: 'Size', value: (row) => row.size, text: (row) => (row.size === null ? 'unknown' : `${row.size} MB`) },
];
const rows: Row[] = [
  { name: 'item 10', size: 1 },
  { name: 'Item 9', size: null },
  { name: 'other', size: 30 },
];
const names = (list: Row[]): string[] => list.map(({ name }) => name);

describe('a table', () => {
  it('orders numbers as numbers, and what is not known last', () => {
    expect(names(sorted(rows, columns, { key: 'name', down: false }, 'en'))).toEqual(['Item 9', 'item 10', 'other']);
    expect(names(sorted(rows, columns, { key: 'size', down: false }, 'en'))).toEqual(['item 10', 'other', 'Item 9']);
    expect(names(sorted(rows, columns, { key: 'size', down: true }, 'en'))).toEqual(['other', 'item 10', 'Item 9']);
    expect(names(sorted(rows, columns, null, 'en'))).toEqual(names(rows));
  });

  it('is narrowed by what is shown', () => {
    expect(names(narrowed(rows, columns, '30 mb'))).toEqual(['other']);
    expect(names(narrowed(rows, columns, 'ITEM unknown'))).toEqual(['Item 9']);
  });

  it('writes CSV that no spreadsheet runs as a formula', () => {
    expect(csv([['a,b', 'say "x"', 3, null], ['=1+1', 'plain', -2, '']])).toBe('\ufeff"a,b","say ""x""",3,\r\n\'=1+1,plain,-2,\r\n');
  });
});
