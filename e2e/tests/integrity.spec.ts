import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, expectAccessible, photo, test as base, tile, upload } from '../support/fixtures';
import { Vault } from '../support/vault';

/** A vault with a second store beside it. */
const test = base.extend<{ replica: string }>({
  replica: async ({}, use) => {
    const replica = await mkdtemp(join(tmpdir(), 'mediavault-replica-'));
    await use(replica);
    await rm(replica, { recursive: true, force: true });
  },
  vault: async ({ replica }, use, info) => {
    const vault = await Vault.create({ MEDIAVAULT_REPLICA_URL: replica });
    await use(vault);
    if (info.status !== info.expectedStatus) await info.attach('server log', { body: vault.log });
    await vault.remove();
  },
});

/** The stored originals of a store, by their whole paths. */
async function originals(store: string): Promise<string[]> {
  const entries = await readdir(store, { recursive: true, withFileTypes: true });
  return entries.filter((one) => one.isFile() && /^[0-9a-f]{64}\./.test(one.name) && !one.parentPath.includes('derived')).map((one) => join(one.parentPath, one.name));
}

async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

test('a damaged file is found by a check, repaired from the replica, and told', async ({ home: page, vault, replica }) => {
  await upload(page, [photo('fjord'), photo('avenue')]);
  await page.goto('/admin/integrity');
  await expect(page.getByText('No file is known to be damaged or missing.')).toBeVisible();
  const second = page.getByRole('region', { name: 'Replica' });
  await expect(second).toContainText(replica);
  await expect(second.getByText('Still to be copied').locator('..')).toContainText('0', { timeout: 20_000 });
  await expect(page.getByText('Nothing was ever found damaged or missing.')).toBeVisible();
  await expectAccessible(page);

  await expect.poll(async () => (await originals(replica)).length).toBe(2);
  const [hurt] = await originals(join(vault.directory, 'blobs'));
  if (hurt === undefined) throw new Error('nothing is stored');
  const sound = await readFile(hurt);
  await flip(hurt);

  await page.getByRole('button', { name: 'Check now' }).click();
  const check = page.getByRole('region', { name: 'Check of every copy' });
  await expect(check).toContainText('Last check: Done', { timeout: 30_000 });
  await expect(check).toContainText('1 copy was wrong, 1 of them repaired.');
  const found = page.getByRole('region', { name: 'Findings' }).getByRole('row').filter({ hasText: 'Main store' });
  await expect(found).toContainText('Damaged');
  await expect(found).toContainText('Repaired from the other copy');
  await expect(found).toContainText(/fjord|avenue/);
  await expectAccessible(page);
  expect((await readFile(hurt)).equals(sound)).toBe(true);

  await page.getByRole('button', { name: /^Notifications/ }).click();
  await expect(page.getByText('1 damaged or missing file was found, 1 repaired.')).toBeVisible();
  await page.goto('/photos');
  await expect(tile(page, 'fjord')).toBeVisible();
});

test('what has no sound copy stays open and is tried again when asked', async ({ home: page, vault, replica }) => {
  await upload(page, [photo('fjord')]);
  await expect.poll(async () => (await originals(replica)).length).toBe(1);
  for (const store of [join(vault.directory, 'blobs'), replica]) for (const one of await originals(store)) await flip(one);
  await page.goto('/admin/integrity');
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(page.getByRole('alert')).toContainText('2 copies are damaged or missing and not repaired.', { timeout: 30_000 });
  await expectAccessible(page);

  // Somebody finds the disk's copy: the next try brings the other back.
  for (const one of await originals(replica)) await flip(one);
  await page.getByRole('button', { name: 'Repair again' }).click();
  await expect(page.getByText('No file is known to be damaged or missing.')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('region', { name: 'Findings' })).toContainText('Repaired from the other copy');
});

test.describe('on a German phone at night', () => {
  test.use({ locale: 'de-DE', colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('the report fits and passes axe', async ({ home: page, vault, replica }) => {
    await page.getByTestId('files').setInputFiles([photo('fjord')]);
    await expect(tile(page, 'fjord')).toBeVisible();
    await expect.poll(async () => (await originals(replica)).length).toBe(1);
    for (const one of await originals(join(vault.directory, 'blobs'))) await flip(one);
    await page.goto('/admin/integrity');
    await page.getByRole('button', { name: 'Jetzt prüfen' }).click();
    await expect(page.getByText('Aus der anderen Kopie repariert')).toBeVisible({ timeout: 30_000 });
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});
