import { expect, it } from 'vitest';
import { once } from './once';

it('a second press about the same thing does nothing while the first is under way', async () => {
  const done: string[] = [];
  let answer = (): void => {};
  const press = once(async (name: string) => {
    await new Promise<void>((resolve) => (answer = resolve));
    done.push(name);
  });
  const first = press('fjord');
  await press('fjord');
  answer();
  await first;
  expect(done).toEqual(['fjord']);
  const again = press('fjord');
  answer();
  await again;
  expect(done).toEqual(['fjord', 'fjord']);
});

it('whatever fails may be tried again, and other things do not wait', async () => {
  const tried: string[] = [];
  const press = once(async (name: string) => {
    tried.push(name);
    if (name === 'broken') throw new Error('no');
    await Promise.resolve();
  });
  await expect(press('broken')).rejects.toThrow('no');
  await expect(press('broken')).rejects.toThrow('no');
  await Promise.all([press('fjord'), press('avenue')]);
  expect(tried).toEqual(['broken', 'broken', 'fjord', 'avenue']);
});
