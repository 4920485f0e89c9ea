import type { Page } from '@playwright/test';
import { expect, expectAccessible, photo, test, tile, tiles, upload } from '../support/fixtures';
import { seed } from '../support/seeded';
import { layYardstick, longer, phase, watchTasks } from '../support/tasks';

const MANY = 100_000;

/** Notes the most tiles there ever are in the document. */
async function watchTiles(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const count = (): void => {
      const most = Number(document.documentElement.dataset['most'] ?? 0);
      document.documentElement.dataset['most'] = String(Math.max(most, document.querySelectorAll('[data-asset]').length));
      requestAnimationFrame(count);
    };
    count();
  });
  return () => page.evaluate(() => Number(document.documentElement.dataset['most']));
}

const scrubber = (page: Page) => page.getByRole('slider', { name: 'Date' });
/** What is at the upper edge of the view, and how far down exactly. */
const edge = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const top = document.querySelector('.scroller')?.getBoundingClientRect().top ?? 0;
    const near = [...document.querySelectorAll<HTMLElement>('[data-asset]')]
      .map((node) => ({ id: node.dataset['asset'], y: Math.round(node.getBoundingClientRect().top - top), end: node.getBoundingClientRect().bottom - top }))
      .filter(({ end }) => end > 60)
      .sort((a, b) => a.y - b.y || (a.id ?? '').localeCompare(b.id ?? ''));
    return `${near[0]?.id} ${near[0]?.y}`;
  });

const shown = async (page: Page): Promise<void> => {
  await expect.poll(() => tiles(page).count()).toBeGreaterThan(0);
  await page.waitForFunction(() => document.querySelectorAll('[data-bucket]').length === 0);
};

test('a hundred thousand assets scroll with a bounded page, few requests and no long task', async ({ home: page, vault, browser }) => {
  test.setTimeout(300_000);
  const requests: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/timeline/assets')) requests.push(request.url());
  });
  await seed(vault, page, MANY);
  await expect(page.getByText('100,000 items')).toBeVisible();
  expect(requests.length).toBeLessThan(6);
  // The start of the page is not watched: compiling it is measured elsewhere, and happens once.
  const [most, tasks] = [await watchTiles(page), await watchTasks(browser)];

  await phase(page, 'scroll');
  await page.locator('.scroller').hover();
  for (let turn = 0; turn < 40; turn += 1) await page.mouse.wheel(0, 1_500);
  await shown(page);
  const before = requests.length;

  // Over the whole library by the scrubber: what only flies past is not asked for.
  await phase(page, 'scrub');
  const strip = await scrubber(page).boundingBox();
  if (!strip) throw new Error('no scrubber');
  const x = strip.x + strip.width / 2;
  await page.mouse.move(x, strip.y + 4);
  await page.mouse.down();
  await page.mouse.move(x, strip.y + strip.height - 4, { steps: 60 });
  await page.mouse.up();
  await shown(page);
  expect(requests.length - before).toBeLessThan(20);

  await phase(page, 'jump');
  await scrubber(page).press('Home');
  await expect(scrubber(page)).toHaveAttribute('aria-valuenow', '0');
  await scrubber(page).press('PageDown');
  await expect(scrubber(page)).toHaveAttribute('aria-valuetext', /2025/);
  await shown(page);
  await scrubber(page).press('End');
  await shown(page);

  // The smallest pictures are the most to a screen.
  await phase(page, 'small pictures');
  await page.locator('#content').focus();
  await page.keyboard.press('-');
  await page.keyboard.press('-');
  await shown(page);
  await scrubber(page).press('Home');
  await shown(page);
  expect(await most()).toBeGreaterThan(100);
  expect(await most()).toBeLessThan(900);
  // By the processor's time: a second browser and two servers share the processors, and waiting for a
  // turn is not the page's doing; nor is it that a processor is slow.
  await layYardstick(page);
  expect(longer(await tasks(), 100)).toEqual([]);
  await expectAccessible(page);
});

test('what is in view stays while stretches above it load and new assets come', async ({ home: page, vault, context }) => {
  await seed(vault, page, 6_000);
  await page.locator('#content').focus();
  await scrubber(page).press('End');
  await expect.poll(() => tiles(page).count()).toBeGreaterThan(0);
  const grid = page.locator('.scroller');
  await grid.hover();
  await page.mouse.wheel(0, -3_000);
  await shown(page);
  const before = await edge(page);
  const other = await context.newPage();
  await other.goto('/photos');
  await upload(other, [photo('fjord')]);
  await expect(page.getByText('6,001 items')).toBeVisible();
  expect(await edge(page)).toBe(before);
});

test('keys jump by day, month and year, and to a date', async ({ home: page, vault }) => {
  await seed(vault, page, 3_000);
  const heading = (): Promise<string> =>
    page.evaluate(() => document.activeElement?.closest('section')?.getAttribute('aria-label') ?? '');
  await page.locator('#content').focus();
  await page.keyboard.press('y');
  await expect.poll(heading).toMatch(/2025/);
  const year = await heading();
  await page.keyboard.press('m');
  await expect.poll(heading).not.toBe(year);
  await expect.poll(heading).toMatch(/20\d\d/);
  await page.keyboard.press('Shift+M');
  await expect.poll(heading).toBe(year);
  await page.keyboard.press('Shift+Y');
  await expect.poll(heading).not.toMatch(/2025/);
  await page.keyboard.press('g');
  await page.getByRole('dialog').getByLabel('Date', { exact: true }).fill('2015-03-10');
  await page.keyboard.press('Enter');
  // The last day with something up to then, or the next: every seeded library has other months without.
  const { buckets } = (await (await page.request.get('/api/v1/timeline')).json()) as { buckets: { from: string }[] };
  const years = buckets.map((bucket) => bucket.from.slice(0, 4));
  const older = buckets.findIndex((bucket) => bucket.from <= '2015-03-10');
  const near = [older - 1, older].map((at) => years[at]).filter((year) => year !== undefined);
  await expect.poll(heading).toMatch(new RegExp(near.join('|')));
  await page.keyboard.press('End');
  const oldest = new RegExp(years.at(-1) ?? 'none');
  await expect.poll(heading).toMatch(oldest);
  await page.keyboard.press('ArrowUp');
  await expect.poll(heading).not.toBe('');
});

test('pictures become smaller and larger, and months take the place of days', async ({ home: page }) => {
  await upload(page, [photo('avenue'), photo('fjord')]);
  await expect(page.getByRole('heading', { name: /17 Sept? 2024/ })).toBeVisible();
  const size = async (): Promise<number> => (await tile(page, 'fjord').boundingBox())?.height ?? 0;
  const usual = await size();
  await page.getByRole('button', { name: 'Larger pictures' }).click();
  await expect.poll(size).toBeGreaterThan(usual);
  await page.locator('#content').focus();
  await page.keyboard.press('-');
  await page.keyboard.press('-');
  await expect(page.getByRole('heading', { name: 'September 2024' })).toBeVisible();
  await expect.poll(size).toBeLessThan(usual);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'September 2024' })).toBeVisible();
  await expectAccessible(page);
});
