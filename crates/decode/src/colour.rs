//! Colour: whatever the samples mean becomes sRGB (IEC 61966-2-1), eight bits.
//!
//! This runs after the shrink, so that the price is that of the preview and not of the original.

mod hdr;

use moxcms::{
    CicpColorPrimaries, CicpProfile, ColorProfile, DataColorSpace, Layout as Order,
    MatrixCoefficients, TransferCharacteristics, TransformOptions,
};

use crate::failure::Failure;
use crate::picture::{Layout, Picture, Samples};
use hdr::Hdr;

/// What the samples of a picture mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Colour {
    /// sRGB, or nothing stated, which means the same.
    Srgb,
    /// An ICC profile (ICC.1:2022).
    Icc(Vec<u8>),
    /// Code points of ITU-T H.273.
    Cicp {
        /// ColourPrimaries.
        primaries: u8,
        /// TransferCharacteristics.
        transfer: u8,
    },
}

impl Colour {
    /// From a file's profile, if it has one.
    pub(crate) fn from_icc(profile: Option<Vec<u8>>) -> Self {
        profile.map_or(Self::Srgb, Self::Icc)
    }

    /// Profile of the samples; `None` when they are sRGB already or cannot be understood, in which
    /// case showing them as they are is the best that can be done.
    fn profile(&self) -> Option<ColorProfile> {
        match self {
            Self::Srgb => None,
            Self::Icc(bytes) => ColorProfile::new_from_slice(bytes)
                .ok()
                .filter(|profile| !is_srgb(profile)),
            // Primaries 1 with the transfer of sRGB, BT.709, BT.601 or BT.2020: shown as sRGB by
            // every viewer, and here.
            Self::Cicp {
                primaries: 1 | 2,
                transfer: 1 | 2 | 6 | 13 | 14 | 15,
            } => None,
            Self::Cicp {
                primaries,
                transfer,
            } => Some(ColorProfile::new_from_cicp(CicpProfile {
                color_primaries: CicpColorPrimaries::try_from(*primaries).ok()?,
                transfer_characteristics: TransferCharacteristics::try_from(*transfer).ok()?,
                matrix_coefficients: MatrixCoefficients::Identity,
                full_range: true,
            })),
        }
    }
}

/// The name a profile gives itself.
pub(crate) fn profile_name(icc: &[u8]) -> Option<String> {
    let profile = ColorProfile::new_from_slice(icc).ok()?;
    let text = match profile.description? {
        moxcms::ProfileText::PlainString(text) => text,
        moxcms::ProfileText::Localizable(texts) => texts.into_iter().next()?.value,
        moxcms::ProfileText::Description(text) if !text.ascii_string.trim().is_empty() => {
            text.ascii_string
        }
        moxcms::ProfileText::Description(text) => text.unicode_string,
    };
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    (!text.is_empty()).then(|| text.to_owned())
}

/// Whether a profile describes sRGB closely enough that converting would change nothing visible.
fn is_srgb(profile: &ColorProfile) -> bool {
    let srgb = ColorProfile::new_srgb();
    let near = |a: moxcms::Xyzd, b: moxcms::Xyzd| {
        (a.x - b.x).abs() < 0.002 && (a.y - b.y).abs() < 0.002 && (a.z - b.z).abs() < 0.002
    };
    profile.color_space == DataColorSpace::Rgb
        && profile.is_matrix_shaper()
        && near(profile.red_colorant, srgb.red_colorant)
        && near(profile.green_colorant, srgb.green_colorant)
        && near(profile.blue_colorant, srgb.blue_colorant)
        && has_srgb_curve(profile)
}

/// Whether mid-tones, run through the profile, land where sRGB has them.
fn has_srgb_curve(profile: &ColorProfile) -> bool {
    const PROBES: [u8; 12] = [16, 16, 16, 64, 64, 64, 128, 128, 128, 200, 200, 200];
    let srgb = ColorProfile::new_srgb();
    let options = TransformOptions::default();
    let Ok(transform) = profile.create_transform_8bit(Order::Rgb, &srgb, Order::Rgb, options)
    else {
        return false;
    };
    let mut out = [0; PROBES.len()];
    transform.transform(&PROBES, &mut out).is_ok()
        && PROBES.iter().zip(out).all(|(a, b)| a.abs_diff(b) <= 2)
}

/// Converts to sRGB with eight bits, RGB or RGBA.
pub(crate) fn to_srgb(picture: Picture, colour: &Colour) -> Result<(Vec<u8>, Layout), Failure> {
    if let Colour::Cicp {
        primaries,
        transfer,
    } = colour
        && let Some(hdr) = Hdr::of(*transfer)
        && picture.layout != Layout::Cmyk
    {
        let samples = hdr::to_srgb(&picture.samples, picture.layout, hdr, *primaries);
        return Ok((samples, picture.layout));
    }
    let profile = colour.profile();
    match (picture.layout, profile) {
        (Layout::Cmyk, Some(profile)) if profile.color_space == DataColorSpace::Cmyk => {
            Ok((inks(eight(picture.samples), &profile)?, Layout::Rgb))
        }
        (Layout::Cmyk, _) => Ok((inks_by_rule(&eight(picture.samples)), Layout::Rgb)),
        (layout, None) => Ok((eight(picture.samples), layout)),
        (layout, Some(profile)) => match profile.color_space {
            DataColorSpace::Rgb => Ok((convert(picture.samples, layout, &profile)?, layout)),
            DataColorSpace::Gray => Ok((grays(eight(picture.samples), layout, &profile)?, layout)),
            // A profile for other samples than these says nothing about them.
            _ => Ok((eight(picture.samples), layout)),
        },
    }
}

fn convert(samples: Samples, layout: Layout, profile: &ColorProfile) -> Result<Vec<u8>, Failure> {
    let order = match layout {
        Layout::Rgba => Order::Rgba,
        Layout::Rgb | Layout::Cmyk => Order::Rgb,
    };
    let srgb = ColorProfile::new_srgb();
    let options = TransformOptions::default();
    match samples {
        Samples::Eight(samples) => {
            let mut out = vec![0; samples.len()];
            profile
                .create_transform_8bit(order, &srgb, order, options)
                .and_then(|transform| transform.transform(&samples, &mut out))
                .map_err(unusable)?;
            Ok(out)
        }
        Samples::Sixteen(samples) => {
            let mut out = vec![0; samples.len()];
            profile
                .create_transform_16bit(order, &srgb, order, options)
                .and_then(|transform| transform.transform(&samples, &mut out))
                .map_err(unusable)?;
            Ok(eight(Samples::Sixteen(out)))
        }
    }
}

/// Gray profiles describe one channel; ours were spread over three.
fn grays(samples: Vec<u8>, layout: Layout, profile: &ColorProfile) -> Result<Vec<u8>, Failure> {
    let levels: Vec<u8> = (0..=255).collect();
    let mut curve = vec![0; 256 * 3];
    profile
        .create_transform_8bit(
            Order::Gray,
            &ColorProfile::new_srgb(),
            Order::Rgb,
            TransformOptions::default(),
        )
        .and_then(|transform| transform.transform(&levels, &mut curve))
        .map_err(unusable)?;
    let channels = layout.channels();
    Ok(samples
        .into_iter()
        .enumerate()
        .map(|(at, sample)| {
            if at % channels < 3 {
                curve[usize::from(sample) * 3]
            } else {
                sample
            }
        })
        .collect())
}

fn inks(samples: Vec<u8>, profile: &ColorProfile) -> Result<Vec<u8>, Failure> {
    // Profiles count ink, we count its absence.
    let ink: Vec<u8> = samples.iter().map(|sample| 255 - sample).collect();
    let mut out = vec![0; samples.len() / 4 * 3];
    profile
        .create_transform_8bit(
            Order::Rgba,
            &ColorProfile::new_srgb(),
            Order::Rgb,
            TransformOptions::default(),
        )
        .and_then(|transform| transform.transform(&ink, &mut out))
        .map_err(unusable)?;
    Ok(out)
}

/// Without a profile: each ink takes away its part of the light, black of all.
fn inks_by_rule(samples: &[u8]) -> Vec<u8> {
    let light = |ink: u8, black: u8| {
        let product = u16::from(ink) * u16::from(black) + 127;
        (product / 255) as u8
    };
    samples
        .as_chunks::<4>()
        .0
        .iter()
        .flat_map(|[c, m, y, k]| [light(*c, *k), light(*m, *k), light(*y, *k)])
        .collect()
}

/// Drops the lower eight bits, rounding.
fn eight(samples: Samples) -> Vec<u8> {
    match samples {
        Samples::Eight(samples) => samples,
        Samples::Sixteen(samples) => samples
            .into_iter()
            .map(|sample| ((u32::from(sample) + 128) / 257) as u8)
            .collect(),
    }
}

fn unusable(error: moxcms::CmsError) -> Failure {
    Failure::Damaged(format!("the colour profile cannot be used: {error}"))
}

#[cfg(test)]
mod tests;
