import { describe, expect, it } from 'vitest';
import { bytesOf, bytesOver, gigabytesOf } from './quota';
import { openSections } from './sections';

describe('a quota', () => {
  it('is typed in gigabytes with comma or point', () => {
    expect(['', '1,5', '2.25', '0', '-1', 'much'].map(bytesOf)).toEqual([null, 1_500_000_000, 2_250_000_000, undefined, undefined, undefined]);
  });

  it('comes back as it was typed', () => {
    expect([null, 1_500_000_000, 2_250_000_000].map((bytes) => gigabytesOf(bytes, 'en'))).toEqual(['', '1.5', '2.25']);
    expect([1_500_000_000, 1_234_500_000_000].map((bytes) => gigabytesOf(bytes, 'de'))).toEqual(['1,5', '1234,5']);
  });

  it('stays what it is to the byte while nobody types another', () => {
    const [was, shown] = [68_719_476_736, '68,719'];
    expect(gigabytesOf(was, 'de')).toBe(shown);
    expect(bytesOver(was, shown, 'de')).toBe(was);
    expect(bytesOver(was, '70', 'de')).toBe(70_000_000_000);
    expect(bytesOver(null, '', 'de')).toBeNull();
  });
});

it('shows everybody only the parts they may look after', () => {
  expect(openSections((permission) => permission === 'users:manage')).toEqual(['users', 'invitations']);
  expect(openSections(() => false)).toEqual([]);
});
