import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MediaVault } from '../src/index.js';
import { json, type Listening, serve } from './server.js';

let server: Listening;

afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

function speak(response: ServerResponse, ...events: number[]): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  for (const id of events) response.write(`id: ${id}\nevent: asset.created\ndata: {"asset_id":"${id}"}\n\n`);
}

describe('events', () => {
  it('go on where the broken connection ended', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true, advanceTimeDelta: 500 });
    let connections = 0;
    server = await serve((_, response) => {
      connections += 1;
      speak(response, connections);
      if (connections === 1) response.end();
    });
    const vault = new MediaVault({ url: server.url, key: 'mvk_test' });
    const heard: string[] = [];
    for await (const { type, data, id } of vault.events()) {
      heard.push(`${id} ${type} ${data}`);
      if (heard.length === 2) break;
    }
    expect(heard).toEqual(['1 asset.created {"asset_id":"1"}', '2 asset.created {"asset_id":"2"}']);
    expect(server.asked.map((one) => one.headers['last-event-id'])).toEqual([undefined, '1']);
  });

  it('end with a refusal instead of asking for ever', async () => {
    const refused = { type: 'about:blank', title: 'No', status: 401, code: 'unauthenticated', detail: 'Sign in.' };
    server = await serve((_, response) => json(response, 401, refused));
    const vault = new MediaVault({ url: server.url });
    await expect(vault.events().next()).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(server.asked).toHaveLength(1);
  });

  it('end quietly when their listener has heard enough', async () => {
    server = await serve((_, response) => speak(response, 1));
    const vault = new MediaVault({ url: server.url, key: 'mvk_test' });
    const enough = new AbortController();
    let heard = 0;
    for await (const _ of vault.events({ signal: enough.signal })) {
      heard += 1;
      enough.abort();
    }
    expect(heard).toBe(1);
  });
});
