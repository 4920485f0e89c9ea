import { readFile } from 'node:fs/promises';
import { drop, expect, expectAccessible, fixture, photo, test, tile, uploadRow, viewer } from '../support/fixtures';

test('a hostile file is kept, says why it has no picture, and hurts nothing else', async ({ home: page }) => {
  await drop(page, [fixture('hostile/bomb.png'), photo('fjord')]);
  await expect(uploadRow(page, 'fjord.jpg')).toHaveAttribute('data-state', 'done');
  await expect(uploadRow(page, 'bomb.png')).toHaveAttribute('data-state', 'kept');
  await expect(uploadRow(page, 'bomb.png')).toContainText('Kept, without a picture');
  await expect(tile(page, 'bomb.png')).toContainText('larger than the limits allow');

  await tile(page, 'bomb.png').click();
  await expect(viewer(page)).toContainText('There is no picture of this.');
  await expect(viewer(page)).toContainText('The original is safe and can be downloaded.');
  await page.keyboard.press('i');
  await expect(viewer(page).locator('[data-step][data-state="failed"]')).toBeVisible();
  await expectAccessible(page);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    viewer(page).getByRole('link', { name: 'Download original' }).click(),
  ]);
  const original = await readFile(fixture('hostile/bomb.png'));
  expect((await readFile(await download.path())).equals(original)).toBe(true);
});

test('a page in disguise is never run in our origin', async ({ home: page, vault }) => {
  await drop(page, [fixture('hostile/page-named.jpg'), fixture('hostile/script.svg')]);
  for (const name of ['page-named.jpg', 'script.svg']) {
    await expect(uploadRow(page, name)).toHaveAttribute('data-state', /^(done|kept|failed)$/);
    const id = await tile(page, name).getAttribute('data-asset');
    const answer = await page.request.get(`${vault.url}/api/v1/assets/${id}/content`);
    expect(answer.headers()['content-security-policy']).toContain('sandbox');
    expect(answer.headers()['x-content-type-options']).toBe('nosniff');
  }
});
