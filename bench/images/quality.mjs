// How near a picture is to a reference: SSIM of luma over 8 × 8 windows at every fourth pixel (Wang et
// al. 2004, uniform windows).
import sharp from 'sharp';

// Results are written under the same names again and again.
sharp.cache(false);

/// The upright sRGB picture at `width` × `height`, from a full decode without any shortcut of a decoder.
export async function reference(file, width, height) {
  const full = await sharp(file).rotate().toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width: w, height: h, channels } = full.info;
  return luma(await sharp(full.data, { raw: { width: w, height: h, channels } })
    .resize(width, height, { fit: 'fill', kernel: 'lanczos3' }).png().toBuffer());
}

/// Luma of an encoded picture.
export async function luma(encoded) {
  const { data, info } = await sharp(encoded).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const out = new Float32Array(info.width * info.height);
  for (let i = 0; i < out.length; i++) {
    const at = i * info.channels;
    out[i] = info.channels < 3 ? data[at] : 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
  }
  return { data: out, width: info.width, height: info.height };
}

/// Mean SSIM of two pictures of one size.
export function ssim(a, b) {
  const [c1, c2, n] = [6.5025, 58.5225, 64];
  let total = 0, count = 0;
  for (let y = 0; y + 8 <= a.height; y += 4)
    for (let x = 0; x + 8 <= a.width; x += 4) {
      let sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
      for (let dy = 0; dy < 8; dy++)
        for (let dx = 0; dx < 8; dx++) {
          const p = a.data[(y + dy) * a.width + x + dx], q = b.data[(y + dy) * a.width + x + dx];
          sa += p; sb += q; saa += p * p; sbb += q * q; sab += p * q;
        }
      const [ma, mb] = [sa / n, sb / n];
      const [va, vb, cov] = [saa / n - ma * ma, sbb / n - mb * mb, sab / n - ma * mb];
      total += ((2 * ma * mb + c1) * (2 * cov + c2)) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
      count++;
    }
  return total / count;
}
