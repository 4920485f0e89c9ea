import { describe, expect, it } from 'vitest';
import { SseParser } from '../src/sse.js';

const stream = ': hello\nretry: 2000\n\nid: 7\nevent: asset.created\ndata: {"asset_id":"a"}\n\n:\n\nid: 8\r\nevent: reset\r\ndata: {}\r\n\r\ndata: one\ndata: two\n\n';

const expected = [
  { type: 'asset.created', data: '{"asset_id":"a"}', id: '7' },
  { type: 'reset', data: '{}', id: '8' },
  { type: 'message', data: 'one\ntwo', id: '8' },
];

describe('server-sent events', () => {
  it('are read, comments left out', () => {
    expect(new SseParser().push(stream)).toEqual(expected);
  });

  it('come out the same wherever the stream is cut', () => {
    const plain = stream.replaceAll('\r\n', '\n');
    for (let cut = 1; cut < plain.length; cut += 1) {
      const parser = new SseParser();
      expect([...parser.push(plain.slice(0, cut)), ...parser.push(plain.slice(cut))]).toEqual(expected);
    }
  });

  it('keep an unfinished event for later', () => {
    const parser = new SseParser();
    expect(parser.push('event: reset\ndata: {}\n')).toEqual([]);
    expect(parser.push('\n')).toHaveLength(1);
  });
});
