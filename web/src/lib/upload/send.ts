// One file to the server: in one form, or, when it is large, in pieces that go on where they broke off.

import { getAsset } from '../api/assets';
import { vault } from '../api/client';
import type { Uploaded } from '../api/types';
import type { Wish } from './collect';
import { fingerprint, notes } from './notes';

/** From this size on a file goes in pieces. */
const LARGE = 32 * 1024 * 1024;

export interface Sending {
  file: File;
  wish: Wish;
  /** Verified by the server when given. */
  sha256: string | null;
  onProgress: (sent: number) => void;
  signal: AbortSignal;
}

/** What goes with a Live Photo goes in the same form. */
export const inPieces = (size: number, wish: Wish): boolean => size >= LARGE && !wish.motion;

export async function send(sending: Sending): Promise<Uploaded> {
  return inPieces(sending.file.size, sending.wish) ? sendInPieces(sending) : sendWhole(sending);
}

/** Has the server delete what it has of a file that is not wanted any more. */
export async function giveUp(file: File, sha256: string | null): Promise<void> {
  const key = fingerprint(file, sha256);
  const address = notes.get(key);
  if (address === null) return;
  notes.set(key, null);
  await vault.giveUpUpload(address);
}

async function sendWhole({ file, wish, sha256, onProgress, signal }: Sending): Promise<Uploaded> {
  const progress = (sent: number): void => onProgress(Math.min(sent, file.size));
  const extras = { ...(wish.details ? { details: wish.details } : {}), ...(wish.motion ? { motion: wish.motion } : {}) };
  return (await vault.upload(file, { ...extras, sha256, onProgress: progress, signal })) as Uploaded;
}

async function sendInPieces({ file, wish, sha256, onProgress, signal }: Sending): Promise<Uploaded> {
  const key = fingerprint(file, sha256);
  const { assetId, duplicate } = await vault.uploadResumably(file, {
    ...(wish.details ? { details: wish.details } : {}),
    address: notes.get(key),
    onAddress: (address) => notes.set(key, address),
    sha256,
    onProgress,
    signal,
  });
  notes.set(key, null);
  return { asset: await getAsset(assetId), duplicate };
}
