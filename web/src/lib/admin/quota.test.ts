import { describe, expect, it } from 'vitest';
import { bytesOf, gigabytesOf } from './quota';
import { openSections } from './sections';

describe('a quota', () => {
  it('is typed in gigabytes with comma or point', () => {
    expect(['', '1,5', '2.25', '0', '-1', 'much'].map(bytesOf)).toEqual([null, 1_500_000_000, 2_250_000_000, undefined, undefined, undefined]);
  });

  it('comes back as it was typed', () => {
    expect([null, 1_500_000_000, 2_250_000_000].map(gigabytesOf)).toEqual(['', '1.5', '2.25']);
  });
});

it('shows everybody only the parts they may look after', () => {
  expect(openSections((permission) => permission === 'users:manage')).toEqual(['users', 'invitations']);
  expect(openSections(() => false)).toEqual([]);
});
