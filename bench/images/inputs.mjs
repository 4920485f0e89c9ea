// The pictures that are measured: photos of the corpus when there is one, and drawn ones.
import fs from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';

/// Smooth shapes with hard edges under several octaves of noise: what a codec finds in a photo.
async function drawn(width, height) {
  const base = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const u = x / width, v = y / height;
      const hill = v > 0.55 + 0.12 * Math.sin(u * 9) + 0.03 * Math.sin(u * 61) ? 1 : 0;
      const sun = (u - 0.7) ** 2 + ((v - 0.25) * 0.75) ** 2 < 0.006 ? 1 : 0;
      const at = (y * width + x) * 3;
      base[at] = hill ? 60 + 50 * u : sun ? 250 : 120 + 90 * v;
      base[at + 1] = hill ? 90 + 60 * (1 - v) : sun ? 230 : 160 + 50 * v;
      base[at + 2] = hill ? 40 : sun ? 180 : 220 - 60 * v;
    }
  const raw = { raw: { width, height, channels: 3 } };
  const layers = [];
  for (const [cell, blend] of [[1, 'soft-light'], [4, 'soft-light'], [24, 'overlay']]) {
    const noise = await sharp({
      create: {
        width: Math.ceil(width / cell), height: Math.ceil(height / cell), channels: 3,
        background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 22 },
      },
    }).resize(width, height, { kernel: 'cubic' }).png({ compressionLevel: 0 }).toBuffer();
    layers.push({ input: noise, blend });
  }
  return sharp(base, raw).composite(layers);
}

async function once(file, make) {
  if (!fs.existsSync(file)) await (await make()).toFile(file);
  return file;
}

/// Every input as `{ name, file, wide }`; `wide` says Display P3.
export async function inputs(folder, corpus) {
  const found = [];
  const add = (name, file, wide = false) => found.push({ name, file, wide });
  if (corpus) {
    for (const [name, file] of [
      ['phone-12mp', 'photos/ultraHDR.jpg'],
      ['phone-16mp', 'photos/empty_gps.jpg'],
      ['photo-12mp', 'photos/japanese-shop.jpg'],
    ]) add(name, path.join(corpus, file));
    const p3 = (quality) => sharp(path.join(corpus, 'photos/ultraHDR.jpg')).withIccProfile('p3').jpeg({ quality });
    add('phone-12mp-p3', await once(path.join(folder, 'phone-p3.jpg'), async () => p3(95)), true);
    const large = (file) => sharp(path.join(corpus, file)).resize(6000, 4000, { fit: 'cover' });
    add('photo-24mp', await once(path.join(folder, 'photo-24mp.jpg'),
      async () => large('photos/empty_gps.jpg').jpeg({ quality: 93 })));
    add('photo-24mp-p3', await once(path.join(folder, 'photo-24mp-p3.jpg'),
      async () => large('photos/empty_gps.jpg').withIccProfile('p3').jpeg({ quality: 93 })), true);
  }
  add('drawn-24mp', await once(path.join(folder, 'drawn-24mp.jpg'),
    async () => (await drawn(6000, 4000)).jpeg({ quality: 92 })));
  add('drawn-12mp-p3', await once(path.join(folder, 'drawn-12mp-p3.jpg'),
    async () => (await drawn(4000, 3000)).withIccProfile('p3').jpeg({ quality: 92 })), true);
  return found;
}
