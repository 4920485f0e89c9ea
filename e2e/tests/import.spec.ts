import { readFileSync } from 'node:fs';
import { expect, expectAccessible, photo, test, tiles, uploadPanel } from '../support/fixtures';
import { zip } from '../support/zip';

const FOLDER = 'Takeout/Google Photos/Norway';
const details = (title: string): string =>
  JSON.stringify({ title, description: 'By the water', photoTakenTime: { timestamp: '1400000000' }, favorited: true });

const archive = (name: string, entries: Record<string, Buffer | string>) => ({ name, mimeType: 'application/zip', buffer: zip(entries) });

test('a Google Takeout is planned, imported into collections, and recognised when it comes again', async ({ home: page }) => {
  const parts = [
    archive('takeout-001.zip', { [`${FOLDER}/fjord.jpg`]: readFileSync(photo('fjord')), [`${FOLDER}/metadata.json`]: JSON.stringify({ title: 'Norway', description: '', access: 'protected' }) }),
    // Its details are in the other part.
    archive('takeout-002.zip', { [`${FOLDER}/fjord.jpg.supplemental-metadata.json`]: details('fjord.jpg'), [`${FOLDER}/avenue.jpg`]: readFileSync(photo('avenue')) }),
  ];
  await page.goto('/import');
  await expectAccessible(page);
  await page.getByTestId('archives').setInputFiles(parts);
  const plan = page.getByRole('region', { name: 'This would be imported' });
  await expect(plan).toContainText('Norway');
  await expectAccessible(page);
  await plan.getByRole('button', { name: 'Start import' }).click();
  await expect(page.getByRole('heading', { name: 'Import finished' })).toBeVisible();
  // The report says what the panel would say again, over it.
  await expect(uploadPanel(page)).toBeHidden();
  await expectAccessible(page);
  await page.goto('/collections');
  await page.getByRole('link', { name: /Norway/ }).click();
  await expect(tiles(page)).toHaveCount(2);

  await page.goto('/import');
  await page.getByTestId('archives').setInputFiles(parts);
  await page.getByRole('button', { name: 'Start import' }).click();
  const report = page.getByRole('region', { name: 'Report' });
  await expect(report.getByRole('table')).toContainText('Already here');
  await expect(report.getByRole('table')).not.toContainText('Added');
});

test('what is no archive is told', async ({ home: page }) => {
  await page.goto('/import');
  await page.getByTestId('archives').setInputFiles({ name: 'broken.zip', mimeType: 'application/zip', buffer: Buffer.from('no zip at all') });
  await expect(page.getByRole('alert')).toContainText('broken.zip');
});
