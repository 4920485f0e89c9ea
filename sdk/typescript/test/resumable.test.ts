import { afterEach, describe, expect, it } from 'vitest';
import { MediaVault } from '../src/index.js';
import { type Listening, serve } from './server.js';

let server: Listening;

afterEach(() => server.close());

const FILE = new File([new Uint8Array(250)], 'sea.jpg', { type: 'image/jpeg' });
const ADDRESS = '/api/v1/uploads/tus/1';

/** A server that takes pieces; `cut` says which requests it answers with 503. */
async function taking(known: number, cut: (asked: number) => boolean = () => false): Promise<MediaVault> {
  let received = known;
  let count = 0;
  server = await serve((asked, response) => {
    count += 1;
    if (cut(count)) return response.writeHead(503).end();
    if (asked.method === 'POST') return response.writeHead(201, { Location: ADDRESS, 'Upload-Offset': '0' }).end();
    if (asked.method === 'HEAD' && asked.url !== ADDRESS) return response.writeHead(404).end();
    if (asked.method === 'PATCH') received += asked.body.length;
    const done = received === FILE.size ? { 'Upload-Asset': 'a', 'Upload-Duplicate': 'false' } : {};
    return response.writeHead(asked.method === 'HEAD' ? 200 : 204, { 'Upload-Offset': String(received), ...done }).end();
  });
  return new MediaVault({ url: server.url, key: 'mvk_test' });
}

describe('a resumable upload', () => {
  it('goes in pieces and tells how far it is', async () => {
    const vault = await taking(0);
    const steps: number[] = [];
    const addresses: (string | null)[] = [];
    const done = await vault.uploadResumably(FILE, {
      sha256: 'ab',
      pieceSize: 100,
      onProgress: (sent) => steps.push(sent),
      onAddress: (address) => addresses.push(address),
    });
    expect(done).toEqual({ assetId: 'a', duplicate: false });
    expect(steps).toEqual([0, 100, 200, 250]);
    expect(addresses).toEqual([ADDRESS]);
    const [begun, ...pieces] = server.asked;
    expect(begun?.headers['upload-length']).toBe('250');
    expect(begun?.headers['upload-metadata']).toContain(`filename ${btoa('sea.jpg')}`);
    expect(pieces.map((one) => one.headers['upload-offset'])).toEqual(['0', '100', '200']);
  });

  it('goes on where it was', async () => {
    const vault = await taking(200);
    await vault.uploadResumably(FILE, { address: ADDRESS });
    expect(server.asked.map((one) => one.method)).toEqual(['HEAD', 'PATCH']);
    expect(server.asked[1]?.body).toHaveLength(50);
  });

  it('needs nothing sent when only the answer was lost', async () => {
    const vault = await taking(250);
    expect((await vault.uploadResumably(FILE, { address: ADDRESS })).assetId).toBe('a');
    expect(server.asked).toHaveLength(1);
  });

  it('begins anew when the server does not know it any more', async () => {
    const vault = await taking(0);
    const addresses: (string | null)[] = [];
    await vault.uploadResumably(FILE, { address: '/api/v1/uploads/tus/2', onAddress: (address) => addresses.push(address) });
    expect(addresses).toEqual([null, ADDRESS]);
    expect(server.asked.map((one) => one.method)).toEqual(['HEAD', 'POST', 'PATCH']);
  });

  it('fails when a try fails, and keeps the address for the next', async () => {
    const vault = await taking(0, (count) => count === 2);
    let address: string | null = null;
    const options = { onAddress: (it: string | null) => (address = it) };
    await expect(vault.uploadResumably(FILE, options)).rejects.toMatchObject({ status: 503 });
    expect((await vault.uploadResumably(FILE, { address })).assetId).toBe('a');
  });
});
