//! HDR pictures for SDR screens: PQ and HLG (ITU-R BT.2100) become sRGB with highlights rolled off.
//!
//! Light up to three quarters of reference white (203 cd/m², BT.2408) keeps its level; what is
//! brighter approaches white smoothly, all three primaries by the same factor, so that hues stay.

use crate::picture::{Layout, Samples};

/// Reference white in cd/m².
const WHITE: f32 = 203.0;
/// Peak of the display HLG is graded for, in cd/m².
const HLG_PEAK: f32 = 1000.0;
/// Where the roll-off begins, in parts of reference white.
const KNEE: f32 = 0.75;
/// Entries of the tables; twelve bits are more than HDR stills carry.
const LEVELS: usize = 4096;

/// A transfer function of BT.2100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hdr {
    /// Perceptual quantizer, H.273 transfer 16.
    Pq,
    /// Hybrid log-gamma, H.273 transfer 18.
    Hlg,
}

impl Hdr {
    /// Of a transfer code point.
    pub(super) const fn of(transfer: u8) -> Option<Self> {
        match transfer {
            16 => Some(Self::Pq),
            18 => Some(Self::Hlg),
            _ => None,
        }
    }

    /// Light of a sample from 0 to 1: for PQ in parts of reference white, for HLG of the scene.
    fn light(self, sample: f32) -> f32 {
        match self {
            Self::Pq => {
                const M1: f32 = 2610.0 / 16384.0;
                const M2: f32 = 2523.0 / 4096.0 * 128.0;
                const C1: f32 = 3424.0 / 4096.0;
                const C2: f32 = 2413.0 / 4096.0 * 32.0;
                const C3: f32 = 2392.0 / 4096.0 * 32.0;
                let root = sample.powf(1.0 / M2);
                ((root - C1).max(0.0) / (C2 - C3 * root)).powf(1.0 / M1) * 10_000.0 / WHITE
            }
            Self::Hlg => {
                const A: f32 = 0.178_832_77;
                const B: f32 = 1.0 - 4.0 * A;
                const C: f32 = 0.559_910_7;
                if sample <= 0.5 {
                    sample * sample / 3.0
                } else {
                    (((sample - C) / A).exp() + B) / 12.0
                }
            }
        }
    }
}

/// Converts samples of a BT.2100 signal to sRGB. `primaries` is the H.273 code point.
pub(super) fn to_srgb(samples: &Samples, layout: Layout, hdr: Hdr, primaries: u8) -> Vec<u8> {
    let table: Vec<f32> = (0..LEVELS)
        .map(|level| hdr.light(level as f32 / (LEVELS - 1) as f32))
        .collect();
    let matrix = to_bt709(primaries);
    match samples {
        Samples::Eight(samples) => pixels(samples, layout, hdr, matrix, |sample| {
            (table[usize::from(sample) * (LEVELS - 1) / 255], sample)
        }),
        Samples::Sixteen(samples) => pixels(samples, layout, hdr, matrix, |sample| {
            (table[usize::from(sample >> 4)], (sample >> 8) as u8)
        }),
    }
}

fn pixels<T: Copy>(
    samples: &[T],
    layout: Layout,
    hdr: Hdr,
    matrix: [[f32; 3]; 3],
    read: impl Fn(T) -> (f32, u8),
) -> Vec<u8> {
    let mut out = Vec::with_capacity(samples.len());
    for pixel in samples.chunks_exact(layout.channels()) {
        let mut light = [0, 1, 2].map(|at| read(pixel[at]).0);
        if hdr == Hdr::Hlg {
            // The display's own gamma, by the scene's luminance (BT.2100 table 5).
            let luminance = 0.2627 * light[0] + 0.678 * light[1] + 0.0593 * light[2];
            let gain = luminance.max(1e-6).powf(0.2) * HLG_PEAK / WHITE;
            light = light.map(|part| part * gain);
        }
        let seen = matrix.map(|row| {
            let sum: f32 = row
                .iter()
                .zip(light)
                .map(|(weight, part)| weight * part)
                .sum();
            sum.max(0.0)
        });
        let peak = seen.into_iter().fold(0.0, f32::max);
        let gain = roll_off(peak) / peak.max(1e-6);
        out.extend(seen.map(|part| encode(part * gain)));
        out.extend(pixel.get(3).map(|alpha| read(*alpha).1));
    }
    out
}

fn roll_off(light: f32) -> f32 {
    if light <= KNEE {
        light
    } else {
        let room = 1.0 - KNEE;
        KNEE + room * (1.0 - (-(light - KNEE) / room).exp())
    }
}

/// The sRGB curve (IEC 61966-2-1).
fn encode(light: f32) -> u8 {
    let signal = if light <= 0.003_130_8 {
        light * 12.92
    } else {
        1.055 * light.powf(1.0 / 2.4) - 0.055
    };
    (signal * 255.0).round().clamp(0.0, 255.0) as u8
}

/// Linear light of other primaries in those of BT.709 and sRGB, all with white at D65.
const fn to_bt709(primaries: u8) -> [[f32; 3]; 3] {
    match primaries {
        // BT.2020 (BT.2087, annex 2).
        9 => [
            [1.6605, -0.5876, -0.0728],
            [-0.1246, 1.1329, -0.0083],
            [-0.0182, -0.1006, 1.1187],
        ],
        // Display P3 (SMPTE EG 432-1).
        12 => [
            [1.2249, -0.2247, 0.0],
            [-0.0420, 1.0419, 0.0],
            [-0.0197, -0.0786, 1.0979],
        ],
        _ => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    }
}

#[cfg(test)]
mod tests;
