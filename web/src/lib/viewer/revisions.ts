// What a revision changed, in words. Pure.

import type { Revision } from '../api/history';
import type { words } from './words';

export interface Difference {
  field: string;
  before: string;
  after: string;
}

const LONGEST = 80;

export function differences({ before, after }: Revision, t: typeof words.en): Difference[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => ({ field: t.field[key] ?? key, before: told(before[key], t), after: told(after[key], t) }));
}

function told(value: unknown, t: typeof words.en): string {
  if (value === null || value === undefined || value === '') return t.none;
  if (value === true) return t.yes;
  if (value === false) return t.no;
  if (Array.isArray(value)) return value.length === 0 ? t.none : short(value.map((item) => told(item, t)).join(', '));
  if (typeof value !== 'object') return short(String(value));
  const record = value as Record<string, unknown>;
  if ('local' in record) return [String(record['local']).replace('T', ' ').slice(0, 19), record['offset']].filter(Boolean).join(' ');
  if ('lat' in record && 'lon' in record) return `${String(record['lat'])}, ${String(record['lon'])}`;
  if ('label' in record) return String(record['label']);
  return short(JSON.stringify(value));
}

const short = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
