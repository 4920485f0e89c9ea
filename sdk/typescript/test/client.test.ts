import { afterEach, describe, expect, it } from 'vitest';
import { ApiError, MediaVault } from '../src/index.js';
import { json, type Listening, type Reply, serve } from './server.js';

let server: Listening | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function vault(reply: Reply): Promise<{ vault: MediaVault; server: Listening }> {
  const listening = await serve(reply);
  server = listening;
  return { vault: new MediaVault({ url: `${listening.url}/`, key: 'mvk_test' }), server: listening };
}

const REFUSED = { type: 'about:blank', title: 'Too many', status: 429, code: 'too_many_requests', detail: 'Wait.' };

describe('a call', () => {
  it('fills the path, writes the query, and shows the key', async () => {
    const { vault: client, server } = await vault((_, response) => json(response, 200, { items: [] }));
    await client.get('/assets', { query: { q: 'tag:a b', limit: 2 } });
    await client.get('/assets/{id}/steps', { path: { id: 'a/b' } });
    expect(server.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /api/v1/assets?q=tag%3Aa+b&limit=2',
      'GET /api/v1/assets/a%2Fb/steps',
    ]);
    expect(server.asked[0]?.headers.authorization).toBe('Bearer mvk_test');
  });

  it('sends JSON and the revision it is made upon', async () => {
    const { vault: client, server } = await vault((_, response) => json(response, 200, { id: 'a' }));
    await client.patch('/assets/{id}', { path: { id: 'a' }, body: { favourite: true }, ifRevision: 3 });
    const [asked] = server.asked;
    expect(asked?.body).toBe('{"favourite":true}');
    expect(asked?.headers['content-type']).toBe('application/json');
    expect(asked?.headers['if-match']).toBe('"3"');
  });

  it('bears an answer without a body', async () => {
    const { vault: client } = await vault((_, response) => response.writeHead(204).end());
    expect(await client.delete('/assets/{id}', { path: { id: 'a' } })).toBeUndefined();
  });

  it('asks for a token each time', async () => {
    const { server } = await vault((_, response) => json(response, 200, {}));
    let made = 0;
    const client = new MediaVault({ url: server.url, token: () => Promise.resolve(`t${(made += 1)}`) });
    await client.get('/me');
    await client.get('/me');
    expect(server.asked.map((one) => one.headers.authorization)).toEqual(['Bearer t1', 'Bearer t2']);
  });
});

describe('a refusal', () => {
  it('is thrown with its code and its wait, after whoever wants to know is told', async () => {
    const { server } = await vault((_, response) => json(response, 429, REFUSED, { 'Retry-After': '7' }));
    const told: string[] = [];
    const client = new MediaVault({ url: server.url, onRefusal: (error) => told.push(error.code) });
    const error = await client.get('/me').catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'too_many_requests', status: 429, retryAfter: 7, message: 'Wait.' });
    expect(told).toEqual(['too_many_requests']);
  });

  it('by something that is not the server keeps its status', async () => {
    const { vault: client } = await vault((_, response) => response.writeHead(502).end('<html>'));
    await expect(client.get('/me')).rejects.toMatchObject({ code: 'unavailable', status: 502 });
  });

  it('is of status 0 when nothing answers', async () => {
    const { vault: client, server } = await vault(() => undefined);
    await server.close();
    await expect(client.get('/me')).rejects.toMatchObject({ code: 'network', status: 0 });
  });

  it('is not made of an abort', async () => {
    const { vault: client } = await vault(() => undefined);
    const reason = new Error('enough');
    await expect(client.get('/me', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('pages', () => {
  it('follow the cursor to the end', async () => {
    const { vault: client, server } = await vault(({ url }, response) => {
      const second = url.includes('cursor=next');
      json(response, 200, second ? { items: [{ id: 'c' }], next_cursor: null } : { items: [{ id: 'a' }, { id: 'b' }], next_cursor: 'next' });
    });
    const ids: string[] = [];
    for await (const asset of client.pages('/assets', { query: { limit: 2 } })) ids.push(asset.id);
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(server.asked[1]?.url).toBe('/api/v1/assets?limit=2&cursor=next');
  });

  it('ask for no more than is wanted', async () => {
    const { vault: client, server } = await vault((_, response) => json(response, 200, { items: [{ id: 'a' }], next_cursor: 'n' }));
    for await (const asset of client.pages('/assets')) {
      expect(asset.id).toBe('a');
      break;
    }
    expect(server.asked).toHaveLength(1);
  });
});
