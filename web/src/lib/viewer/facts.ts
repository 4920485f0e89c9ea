// The facts about an asset as label and lines, absent ones left out. Pure.

import type { Asset } from '../api/types';
import type { Dictionary } from '../i18n/en';
import { bytes, coordinates, duration, exposure, instant, number, sourceName, wallParts } from '../i18n/format';

export interface Fact {
  key: 'taken' | 'camera' | 'place' | 'file' | 'added';
  label: string;
  /** The first stands out, the others explain. */
  lines: string[];
}

export function factsOf(asset: Asset, t: Dictionary, locale: string): Fact[] {
  const facts: Fact[] = [taken(asset, t, locale)];
  const camera = cameraLines(asset, locale);
  if (camera.length > 0) facts.push({ key: 'camera', label: t.info.camera, lines: camera });
  const place = placeLines(asset, t, locale);
  if (place.length > 0) facts.push({ key: 'place', label: t.info.place, lines: place });
  facts.push({ key: 'file', label: t.info.file, lines: fileLines(asset, t, locale) });
  facts.push({ key: 'added', label: t.info.added, lines: [instant(asset.created_at, locale)] });
  return facts;
}

/** Whose word it is: a field of the file's, or a person's. */
const sourceLine = (source: string, t: Dictionary): string => (source === 'said' ? t.info.said : t.info.source(sourceName(source)));

function taken(asset: Asset, t: Dictionary, locale: string): Fact {
  const captured = asset.captured_at;
  if (captured === null) return { key: 'taken', label: t.info.taken, lines: ['–', t.info.timeUnknown] };
  const offset = captured.offset === null ? t.info.offsetUnknown : `UTC${captured.offset.replace('-', '−')}`;
  const { date, time } = wallParts(captured.local, locale);
  return {
    key: 'taken',
    label: t.info.taken,
    lines: [date, [time, offset].filter(present).join(' · '), sourceLine(captured.source, t)],
  };
}

function cameraLines(asset: Asset, locale: string): string[] {
  const camera = asset.camera;
  if (camera === null) return [];
  const { make, model } = camera;
  // Many models repeat the maker: "Canon" and "Canon EOS R5".
  const repeats = make !== null && model !== null && model.toLowerCase().startsWith(make.toLowerCase());
  const name = [repeats ? null : make, model].filter(present).join(' ');
  const settings = [
    camera.aperture === null ? null : `ƒ/${number(camera.aperture, locale, 1)}`,
    camera.exposure === null ? null : exposure(camera.exposure, locale),
    camera.focal_length === null ? null : `${number(camera.focal_length, locale, 1)} mm`,
    camera.iso === null ? null : `ISO ${camera.iso}`,
  ].filter(present);
  return [name, camera.lens, settings.join(' · ')].filter(present);
}

function placeLines(asset: Asset, t: Dictionary, locale: string): string[] {
  const at = asset.location;
  if (at === null) return [];
  const altitude = at.altitude === null ? null : t.info.altitude(`${number(at.altitude, locale)} m`);
  return [
    coordinates(at.lat, at.lon, locale),
    [altitude, sourceLine(at.source, t)].filter(present).join(' · '),
  ];
}

function fileLines(asset: Asset, t: Dictionary, locale: string): string[] {
  const { width, height } = asset;
  const pixels = width && height ? `${number(width, locale)} × ${number(height, locale)}` : null;
  const mega = width && height ? t.info.megapixels(number((width * height) / 1e6, locale, 1)) : null;
  const length = asset.duration === null ? null : duration(asset.duration, locale);
  return [
    asset.file_name,
    [bytes(asset.size, locale), pixels, mega, length].filter(present).join(' · '),
    [asset.mime_type, `${t.info.version} ${asset.version}`].join(' · '),
  ];
}

function present(text: string | null | undefined): text is string {
  return text !== null && text !== undefined && text !== '';
}
