import { afterEach, describe, expect, it } from 'vitest';
import { MediaVault } from '../src/index.js';
import { json, type Listening, serve } from './server.js';

let server: Listening;

afterEach(() => server.close());

const FILE = new File([new Uint8Array(300_000)], 'sea.jpg', { type: 'image/jpeg' });

async function stored(): Promise<MediaVault> {
  server = await serve((_, response) => json(response, 201, { asset: { id: 'a' }, duplicate: false }));
  return new MediaVault({ url: server.url, key: 'mvk_test' });
}

describe('an upload', () => {
  it('sends what its owner says before the file', async () => {
    const vault = await stored();
    const received = await vault.upload(FILE, { sha256: 'ab', details: { title: 'The sea' } });
    expect(received.asset.id).toBe('a');
    const [asked] = server.asked;
    expect(asked?.headers['x-content-sha256']).toBe('ab');
    expect(asked?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    const body = asked?.body ?? '';
    expect(body.indexOf('{"title":"The sea"}')).toBeGreaterThan(0);
    expect(body.indexOf('filename="sea.jpg"')).toBeGreaterThan(body.indexOf('{"title":"The sea"}'));
  });

  it('tells how far it is, up to the whole form', async () => {
    const vault = await stored();
    const steps: number[] = [];
    await vault.upload(FILE, { onProgress: (sent) => steps.push(sent) });
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.at(-1)).toBeGreaterThan(FILE.size);
    expect(server.asked[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(server.asked[0]?.body).toContain('filename="sea.jpg"');
  });

  it('that is given up before it begins sends nothing', async () => {
    const vault = await stored();
    await expect(vault.upload(FILE, { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(server.asked).toHaveLength(0);
  });
});
