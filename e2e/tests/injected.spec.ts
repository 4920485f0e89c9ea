// Markup in everything that a person can name, describe or upload: wherever it is shown, to whomever, it
// stays text.

import type { Page, Request } from '@playwright/test';
import { expect, fixture, photo, test, tile, upload, viewer } from '../support/fixtures';
import { invite, join } from '../support/people';

const GUEST = { email: 'gil@example.org', name: `Gil${'<img src=x data-injected onerror=window.ran=1>'}`, password: 'correct horse battery' };

/** Breaks out of text, of attributes in both quotes, of scripts, styles and addresses. */
const PAYLOADS = [
  '<img src=x data-injected onerror=window.ran=1>',
  '"><svg data-injected onload=window.ran=1>',
  `'><a data-injected href="javascript:window.ran=1">x</a>`,
  '</script></style></title></textarea><script data-injected>window.ran=1</script>',
  'javascript:window.ran=1//',
  '{{constructor.constructor("window.ran=1")()}}${window.ran=1}',
  '\u202e<iframe data-injected srcdoc="<script>parent.ran=1</script>">',
];
const ALL = PAYLOADS.join(' ');

interface Watched {
  ran?: unknown;
  refused: string[];
}

/** What each page waits for. The stream of events never ends. */
const asked = new WeakMap<Page, Set<Request>>();

/** Notes whatever the page's policy had to stop: what it stops was let in by the page. */
async function watch(page: Page): Promise<void> {
  const open = new Set<Request>();
  asked.set(page, open);
  page.on('request', (request) => void (request.url().endsWith('/events') || open.add(request)));
  page.on('requestfinished', (request) => void open.delete(request));
  page.on('requestfailed', (request) => void open.delete(request));
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => page.evaluate(() => Object.assign(window, { ran: 'dialog' }))));
  await page.addInitScript(() => {
    const seen = window as unknown as { refused: string[] };
    seen.refused = [];
    document.addEventListener('securitypolicyviolation', (event) => seen.refused.push(`${event.effectiveDirective} ${event.blockedURI}`));
  });
}

async function expectHarmless(page: Page, where: string): Promise<void> {
  const found = await page.evaluate(() => {
    const { ran, refused } = window as unknown as Watched;
    const injected = [...document.querySelectorAll('[data-injected], iframe[srcdoc], a[href^="javascript:" i]')];
    return { ran: ran ?? null, refused, injected: injected.map((node) => node.outerHTML) };
  });
  expect(found, where).toEqual({ ran: null, refused: [], injected: [] });
}

/** Waits until the page stands and waits for nothing. */
async function settle(page: Page): Promise<void> {
  await page.locator('#content, main').first().waitFor();
  await expect.poll(() => asked.get(page)?.size).toBe(0);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Opens a page, lets it settle, and looks. */
async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await settle(page);
  await expectHarmless(page, path);
}

/** Calls the API as the page's own session. */
async function call<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  return page.evaluate(
    async ([verb, where, text]) => {
      const answer = await fetch(`/api/v1${where}`, {
        method: verb,
        ...(text === null ? {} : { headers: { 'Content-Type': 'application/json' }, body: text }),
      });
      const told = await answer.text();
      if (!answer.ok) throw new Error(`${verb} ${where}: ${answer.status} ${told}`);
      return (told === '' ? null : JSON.parse(told)) as never;
    },
    [method, path, body === undefined ? null : JSON.stringify(body)] as const,
  );
}

/** Uploads text as a file of this name. */
async function send(page: Page, name: string, type: string, text: string): Promise<string> {
  return page.evaluate(
    async ([fileName, mime, content]) => {
      const form = new FormData();
      form.append('file', new File([content], fileName, { type: mime }));
      const answer = await fetch('/api/v1/assets', { method: 'POST', body: form });
      const told = (await answer.json()) as { asset: { id: string } };
      return told.asset.id;
    },
    [name, type, text] as const,
  );
}

test('markup in names, words and files is never run', async ({ home: page, stranger, vault }) => {
  test.setTimeout(180_000);
  await watch(page);
  const guest = await stranger();
  await join(guest, await invite(page, GUEST.email), GUEST);
  await watch(guest);

  await upload(page, [photo('fjord')]);
  await call(page, 'PATCH', '/me', { name: `Anna${PAYLOADS[0]}` });
  const { items } = await call<{ items: { id: string }[] }>(page, 'GET', '/assets');
  const asset = items[0]!.id;
  await call(page, 'PATCH', `/assets/${asset}`, {
    title: ALL.slice(0, 400),
    description: ALL,
    tags: PAYLOADS.slice(0, 3).map((text) => text.replaceAll(',', ' ').slice(0, 60)),
    metadata: { [PAYLOADS[0]!]: PAYLOADS[1] },
    favourite: true,
  });
  const sidecar = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Make="&lt;img src=x data-injected onerror=window.ran=1>" tiff:Model="&lt;img src=x data-injected onerror=window.ran=1>"><dc:subject><rdf:Bag><rdf:li>&lt;img src=x data-injected onerror=window.ran=1></rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>`;
  const files = [
    await send(page, `<img src=x data-injected onerror=window.ran=1>.html`, 'text/html', `<script>window.ran=1</script>${ALL}`),
    await send(page, `"><svg data-injected onload=window.ran=1>.svg`, 'image/svg+xml', `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="window.ran=1"><script>window.ran=1</script><rect width="9" height="9"/></svg>`),
    await send(page, `x.xhtml`, 'application/xhtml+xml', `<html xmlns="http://www.w3.org/1999/xhtml"><script>window.ran=1</script></html>`),
    await send(page, `x.xmp`, 'application/rdf+xml', sidecar),
    await send(page, `x.pdf`, 'application/pdf', '%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<</Root 1 0 R>>'),
  ];
  const collection = await call<{ id: string }>(page, 'POST', '/collections', { name: ALL.slice(0, 200), description: ALL.slice(0, 1000), asset_ids: [asset, ...files] });
  await call(page, 'POST', `/collections/${collection.id}/members`, { email: GUEST.email, level: 'contribute' });
  const link = await call<{ url: string }>(page, 'POST', '/shares', { collection_id: collection.id, name: ALL.slice(0, 100), level: 'download' });
  await call(page, 'POST', '/me/keys', { name: ALL.slice(0, 100) });
  await call(page, 'POST', '/invitations', { email: '"<img/src=x/onerror=window.ran=1>"@example.org' }).catch(() => undefined);
  await upload(page, [fixture('hostile/script.svg'), fixture('hostile/page-named.jpg')]);

  // As the owner, everywhere.
  for (const path of [
    '/photos', '/favourites', '/archive', '/trash', '/collections', `/collections/${collection.id}`, '/import',
    `/search?q=${encodeURIComponent(PAYLOADS[0]!)}`, `/search?q=${encodeURIComponent(`title:"${PAYLOADS[1]}"`)}`,
    '/shared/with-me', '/shared/by-me', '/shared/links',
    '/settings/profile', '/settings/keys', '/settings/sessions', '/settings/storage', '/settings/export',
    '/admin/users', '/admin/invitations', '/admin/roles', '/admin/jobs', '/admin/storage', '/admin/folders', '/admin/settings', '/admin/audit',
  ]) {
    await visit(page, path);
  }
  for (const path of [`/${encodeURIComponent(PAYLOADS[0]!)}`, `/join/${encodeURIComponent('<img src=x onerror=window.ran=1>')}`]) {
    await page.goto(path);
    await expectHarmless(page, path);
  }
  await page.goto('/photos');
  for (const name of ['data-injected', 'x.xhtml']) {
    await tile(page, name).first().click();
    await page.keyboard.press('i');
    await expect(viewer(page)).toBeVisible();
    await settle(page);
    await expectHarmless(page, `the viewer of ${name}`);
    await page.keyboard.press('Escape');
  }

  // As somebody it was shared with, who hears of it in a message too.
  for (const path of ['/photos', '/shared/with-me', '/collections', `/collections/${collection.id}`]) await visit(guest, path);
  await guest.locator('[data-asset]').first().click();
  await guest.keyboard.press('i');
  await expectHarmless(guest, 'the viewer of a guest');
  await guest.keyboard.press('Escape');
  await guest.getByRole('button', { name: /^Notifications/ }).click();
  await expectHarmless(guest, 'the messages of a guest');

  // As a visitor of the link.
  const visitor = await stranger();
  await watch(visitor);
  await visit(visitor, link.url);
  await visitor.locator('[data-shared]').first().click();
  await expectHarmless(visitor, 'the viewer of a visitor');

  // Files keep to themselves, wherever their address is opened.
  for (const id of files) {
    const answer = await page.request.get(`${vault.url}/api/v1/assets/${id}/content`);
    const headers = answer.headers();
    expect(headers['content-security-policy'], id).toContain('sandbox');
    expect(headers['content-security-policy'], id).not.toContain('allow-scripts');
    expect(headers['x-content-type-options']).toBe('nosniff');
    const type = headers['content-type'] ?? '';
    if (!type.startsWith('application/pdf')) expect(headers['content-disposition'], `${id} ${type}`).toMatch(/^attachment/);
  }
});

test('another site cannot act as the visitor of its page', async ({ home: page, vault }) => {
  const id = await send(page, 'note.txt', 'text/plain', 'keep me');
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const attempts = [
    ['POST', '/collections', 'application/json', '{"name":"forged"}'],
    ['POST', '/collections', 'text/plain', '{"name":"forged"}'],
    ['DELETE', `/assets/${id}?permanent=true`, 'application/json', ''],
    ['PATCH', `/assets/${id}`, 'application/json', '{"title":"forged"}'],
    ['POST', '/me/keys', 'application/json', '{"name":"forged"}'],
    ['POST', '/auth/logout', 'application/json', '{}'],
  ] as const;
  for (const [method, path, type, body] of attempts) {
    for (const from of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }, { origin: 'null' }, {}]) {
      const answer = await fetch(`${vault.url}/api/v1${path}`, {
        method,
        headers: { cookie: cookies, 'content-type': type, ...(from as Record<string, string>) },
        ...(body === '' ? {} : { body }),
      });
      expect(answer.status, `${method} ${path} ${JSON.stringify(from)}`).toBe(403);
    }
  }
  const kept = await call<{ title: string | null }>(page, 'GET', `/assets/${id}`);
  expect(kept.title).toBeNull();
});
