import { encode } from 'uqr';
import { expect, it } from 'vitest';
import { codeOf, fileOf } from './code';

const URL = 'https://vault.example.org/s/AaltmeqLfn-BgC_FiJ4bwod1coEZNUsbljKeaa2rkWY';

/** The modules that a path darkens. */
function drawn(path: string, size: number): boolean[][] {
  const modules = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    modules[Number(y)]?.fill(true, Number(x), Number(x) + Number(width));
  }
  return modules;
}

it('a code is drawn module by module, with white around it', () => {
  const { size, path } = codeOf(URL);
  expect(drawn(path, size)).toEqual(encode(URL, { ecc: 'M', border: 4 }).data);
  expect(drawn(path, size).slice(0, 4).flat()).not.toContain(true);
  expect(fileOf({ size, path })).toContain(`viewBox="0 0 ${size} ${size}"`);
});
