// The server's event stream. Read with fetch rather than EventSource, which can carry neither key nor
// token, forgets its place after an error answer, and never notices a connection that died in sleep.

import { ApiError, unreachable } from './problem.js';
import { type ServerEvent, SseParser } from './sse.js';
import type { Transport } from './transport.js';

/** The server says something every 15 seconds; after this silence the connection is dead. */
const SILENCE = 45_000;

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

export interface ListenOptions {
  /** Go on after the event with this id. */
  lastId?: string;
  signal?: AbortSignal;
}

/**
 * Opens one connection. The promise is kept once it stands; the events end when the server ends them,
 * and throw when it falls silent.
 */
export async function connect(transport: Transport, options: ListenOptions = {}): Promise<AsyncGenerator<ServerEvent>> {
  const headers: Record<string, string> = { Accept: 'text/event-stream' };
  if (options.lastId) headers['Last-Event-ID'] = options.lastId;
  const init: RequestInit = { cache: 'no-store', headers };
  if (options.signal) init.signal = options.signal;
  const response = await transport.send(transport.address('/events'), init);
  if (!response.body) throw unreachable();
  return spoken(response.body);
}

/** Every event, over as many connections as it takes, until the signal or a refusal ends it. */
export async function* listen(transport: Transport, options: ListenOptions = {}): AsyncGenerator<ServerEvent> {
  let lastId = options.lastId ?? '';
  let wait = FIRST_WAIT;
  while (!options.signal?.aborted) {
    try {
      for await (const event of await connect(transport, { ...options, lastId })) {
        wait = FIRST_WAIT;
        lastId = event.id;
        yield event;
      }
    } catch (error) {
      if (options.signal?.aborted) return;
      if (!passes(error)) throw error;
    }
    await pause(wait, options.signal);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
}

/** Whether it is worth coming back: not when the answer was a no. */
function passes(error: unknown): boolean {
  if (!(error instanceof ApiError)) return true;
  return error.status === 0 || error.status === 429 || error.status >= 500;
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    signal?.addEventListener('abort', over, { once: true });
  });
}

async function* spoken(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new SseParser();
  try {
    for (;;) {
      const { done, value } = await unlessSilent(reader);
      if (done) return;
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    // Whoever stops listening must not keep the connection.
    await reader.cancel().catch(() => undefined);
  }
}

async function unlessSilent(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<ReadableStreamReadResult<Uint8Array>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unreachable('The connection fell silent')), SILENCE);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } finally {
    clearTimeout(timer);
  }
}
