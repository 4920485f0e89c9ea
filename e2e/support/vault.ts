// A real server on a free port with a data directory of its own.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const BINARY = resolve(process.env['MEDIAVAULT_BIN'] ?? '../target/debug/mediavault');
const START_MS = 30_000;
const POLL_MS = 50;

export class Vault {
  readonly url: string;
  readonly #directory: string;
  readonly #port: number;
  #process: ChildProcess | null = null;
  #log = '';
  readonly #settings: Record<string, string>;

  private constructor(directory: string, port: number, settings: Record<string, string>) {
    this.#settings = settings;
    this.#directory = directory;
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** With these settings by their names in the environment. */
  static async create(settings: Record<string, string> = {}): Promise<Vault> {
    const vault = new Vault(await mkdtemp(join(tmpdir(), 'mediavault-e2e-')), await freePort(), settings);
    await vault.start();
    return vault;
  }

  async start(): Promise<void> {
    const child = spawn(BINARY, ['serve'], {
      env: {
        ...process.env,
        // All tests of a worker come from one address.
        MEDIAVAULT_RATE_LIMIT: 'off',
        ...this.#settings,
        MEDIAVAULT_LISTEN: `127.0.0.1:${this.#port}`,
        MEDIAVAULT_DATA_DIR: this.#directory,
        MEDIAVAULT_PUBLIC_URL: this.url,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.#log = (this.#log + chunk.toString()).slice(-20_000)));
    }
    await this.#ready(child);
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** Where it keeps everything. */
  get directory(): string {
    return this.#directory;
  }

  /** What the server printed last, for a failing test's report. */
  get log(): string {
    return this.#log;
  }

  async #ready(child: ChildProcess): Promise<void> {
    const until = Date.now() + START_MS;
    while (Date.now() < until) {
      if (child.exitCode !== null) break;
      const answer = await fetch(`${this.url}/health/ready`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((next) => setTimeout(next, POLL_MS));
    }
    throw new Error(`${BINARY} did not become ready:\n${this.#log}`);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
