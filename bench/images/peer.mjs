// The peer's worker: the same pictures, hashes and colours as `image_bench`, made with sharp, decoding
// once. Arguments and answers are those of `crates/decode/examples/image_bench.rs`.
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import sharp from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';

const [format, quality, folder] = process.argv.slice(2);
sharp.concurrency(1);
sharp.cache(false);

const cosines = Array.from({ length: 8 }, (_, frequency) =>
  Float32Array.from({ length: 32 }, (_, at) => Math.cos((Math.PI / 32) * (at + 0.5) * frequency)),
);

function phash(gray) {
  const low = new Float32Array(64);
  const across = new Float32Array(32 * 8);
  for (let y = 0; y < 32; y++)
    for (let f = 0; f < 8; f++) {
      let sum = 0;
      for (let x = 0; x < 32; x++) sum += gray[y * 32 + x] * cosines[f][x];
      across[y * 8 + f] = sum;
    }
  for (let d = 0; d < 8; d++)
    for (let r = 0; r < 8; r++) {
      let sum = 0;
      for (let y = 0; y < 32; y++) sum += across[y * 8 + r] * cosines[d][y];
      low[d * 8 + r] = sum;
    }
  const median = Float32Array.from(low.subarray(1)).sort()[31];
  let bits = 0n;
  for (const value of low) bits = (bits << 1n) | (value > median ? 1n : 0n);
  return bits.toString(16).padStart(16, '0');
}

function colors(rgb) {
  const cells = new Map();
  for (let at = 0; at < rgb.length; at += 3) {
    const key = ((rgb[at] >> 4) << 8) | ((rgb[at + 1] >> 4) << 4) | (rgb[at + 2] >> 4);
    cells.set(key, (cells.get(key) ?? 0) + 1);
  }
  return [...cells].sort((a, b) => b[1] - a[1]).slice(0, 5).map(([key]) => `#${key.toString(16).padStart(3, '0')}`);
}

async function work(file) {
  const input = await fs.promises.readFile(file);
  const { data, info } = await sharp(input)
    .rotate()
    .resize(1440, 1440, { fit: 'inside', withoutEnlargement: true })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const raw = { raw: { width: info.width, height: info.height, channels: info.channels } };
  const preview =
    format === 'webp'
      ? await sharp(data, raw).webp({ quality: Number(quality) }).toBuffer()
      : await sharp(data, raw).jpeg({ quality: Number(quality) }).toBuffer();
  const small = await sharp(data, raw)
    .resize(250, 250, { fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const smallRaw = { raw: { width: small.info.width, height: small.info.height, channels: small.info.channels } };
  const thumb = await sharp(small.data, smallRaw).webp({ quality: 80 }).toBuffer();
  const tiny = await sharp(small.data, smallRaw)
    .resize(100, 100, { fit: 'inside' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const thumbhash = Buffer.from(rgbaToThumbHash(tiny.info.width, tiny.info.height, tiny.data)).toString('base64');
  const gray = await sharp(small.data, smallRaw).resize(32, 32, { fit: 'fill' }).greyscale().raw().toBuffer();
  const palette = await sharp(small.data, smallRaw).resize(64, 64, { fit: 'inside' }).raw().toBuffer();
  const names = ['preview', 'thumb'].map((kind) => path.join(folder, `${path.parse(file).name}.peer.${kind}`));
  await fs.promises.writeFile(names[0], preview);
  await fs.promises.writeFile(names[1], thumb);
  return {
    width: info.width,
    height: info.height,
    preview_bytes: preview.length,
    thumb_bytes: thumb.length,
    preview: names[0],
    thumb: names[1],
    thumbhash,
    phash: phash(gray),
    colors: colors(palette),
  };
}

function peakKib() {
  return Number(/VmHWM:\s*(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]);
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const before = process.cpuUsage();
  const made = await work(line);
  const spent = process.cpuUsage(before);
  console.log(JSON.stringify({ cpu_ms: (spent.user + spent.system) / 1000, peak_kib: peakKib(), ...made }));
}
