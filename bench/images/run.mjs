// Rows F1 and F2: the picture work of one upload beside sharp, and its memory.
//
//   npm ci && node run.mjs [rounds [file for the figures as JSON]]
//
// Both workers stay alive and take turns, A B A B, on every picture; what counts is CPU time of the
// process, because the machine is shared. Before any time is compared, both must have done the same
// work: sizes equal, previews equally near a reference made by the peer's own library from a full
// decode, bytes nearly equal, perceptual hashes near. `MEDIAVAULT_CORPUS` adds real photos.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inputs } from './inputs.mjs';
import { luma, reference, ssim } from './quality.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '../..');
const rounds = Number(process.argv[2] ?? 5);
const quality = { webp: 80, jpeg: 80 };
const folder = path.join(os.tmpdir(), 'mediavault-bench-images');
fs.mkdirSync(folder, { recursive: true });

class Worker {
  constructor(command, args) {
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, UV_THREADPOOL_SIZE: '1' } });
    this.lines = readline.createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }
  async do(file) {
    this.child.stdin.write(`${file}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`a worker died on ${file}`);
    return JSON.parse(value);
  }
  async end() {
    const closed = new Promise((resolve) => this.child.once('close', resolve));
    this.child.stdin.end();
    await closed;
  }
}

const ours = (format) => new Worker(path.join(root, 'target/release/examples/image_bench'), [format, quality[format], folder]);
const peer = (format) => new Worker(process.execPath, [path.join(here, 'peer.mjs'), format, quality[format], folder]);
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const spread = (list) => `${median(list).toFixed(0)} (${Math.min(...list).toFixed(0)}–${Math.max(...list).toFixed(0)})`;
const bitsApart = (a, b) => [...(BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2)].filter((bit) => bit === '1').length;

async function sameWork(input, a, b, format) {
  if (a.width !== b.width || a.height !== b.height) throw new Error(`${input.name}: sizes differ`);
  const wanted = await reference(input.file, a.width, a.height);
  const [near, peerNear] = [ssim(wanted, await luma(a.preview)), ssim(wanted, await luma(b.preview))];
  if (near < peerNear - 0.01) throw new Error(`${input.name}: SSIM ${near} is below the peer's ${peerNear}`);
  const bytes = a.preview_bytes / b.preview_bytes;
  if (bytes > 1.1) throw new Error(`${input.name} as ${format}: ${bytes} times the peer's bytes`);
  const apart = bitsApart(a.phash, b.phash);
  if (apart > 12) throw new Error(`${input.name}: perceptual hashes are ${apart} bits apart`);
  return { near, peerNear, bytes };
}

async function compare(input, format, [a, b]) {
  const [first, second] = [await a.do(input.file), await b.do(input.file)];
  const same = await sameWork(input, first, second, format);
  const [mine, theirs] = [[], []];
  for (let round = 0; round < rounds; round++) {
    mine.push((await a.do(input.file)).cpu_ms);
    theirs.push((await b.do(input.file)).cpu_ms);
  }
  const ratios = mine.map((ms, round) => theirs[round] / ms);
  return {
    picture: input.name,
    preview: format,
    'ours, ms CPU': spread(mine),
    'sharp, ms CPU': spread(theirs),
    'times faster': `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`,
    'SSIM ours/sharp': `${same.near.toFixed(4)} / ${same.peerNear.toFixed(4)}`,
    'bytes ours/sharp': same.bytes.toFixed(3),
    wide: input.wide,
    mine: median(mine),
    theirs: median(theirs),
    ratio: median(ratios),
  };
}

/// Fresh processes, so that the peak is that of one picture.
async function memory(input) {
  const peaks = [];
  for (const worker of [ours('webp'), peer('webp')]) {
    peaks.push((await worker.do(input.file)).peak_kib / 1024);
    await worker.end();
  }
  return { picture: input.name, 'ours, MiB': peaks[0].toFixed(0), 'sharp, MiB': peaks[1].toFixed(0), ratio: (peaks[0] / peaks[1]).toFixed(2) };
}

const built = spawnSync('cargo', ['build', '--release', '-q', '-p', 'decode', '--example', 'image_bench'], { cwd: root, stdio: 'inherit' });
if (built.status !== 0) process.exit(1);
const pictures = await inputs(folder, process.env.MEDIAVAULT_CORPUS);
const rows = [];
for (const format of ['webp', 'jpeg']) {
  const workers = [ours(format), peer(format)];
  for (const input of pictures) rows.push(await compare(input, format, workers));
  for (const worker of workers) await worker.end();
}
console.table(rows.map(({ wide, mine, theirs, ratio, ...row }) => row));
const remembered = [];
for (const input of pictures.filter((input) => input.name.includes('24mp'))) remembered.push(await memory(input));
console.table(remembered);

const of = (format, wide) => rows.filter((row) => row.preview === format && row.wide === wide).map((row) => row.ratio);
const summary = [
  ['F1 WebP, sRGB', median(of('webp', false)), '≥ 1.2, goal 1.6'],
  ['F1 WebP, Display P3', median(of('webp', true)), '≥ 2, goal 3'],
  ['F1 JPEG, sRGB', median(of('jpeg', false)), 'goal 2.5'],
  ['F1 JPEG, Display P3', median(of('jpeg', true)), 'goal 2.5'],
  ['F2 memory, 24 MP, ours/sharp', Math.max(...remembered.map((row) => Number(row.ratio))), '≤ 0.33, goal 0.2'],
];
console.table(summary.map(([row, value, floor]) => ({ row, value: value.toFixed(2), floor })));
if (process.argv[3]) fs.writeFileSync(process.argv[3], JSON.stringify({ rows, remembered }));
