//! Converts colours to grey.

use image::{DynamicImage, GrayAlphaImage, GrayImage, Luma};

/// A grey picture, with or without an opacity for each pixel.
pub(crate) enum Grey {
    Opaque(GrayImage),
    WithAlpha(GrayAlphaImage),
}

impl Grey {
    /// A picture from its bytes: one for each pixel, or two, of which the second is the opacity.
    pub(crate) fn new(width: u32, height: u32, channels: usize, bytes: Vec<u8>) -> Option<Self> {
        match channels {
            1 => GrayImage::from_raw(width, height, bytes).map(Self::Opaque),
            2 => GrayAlphaImage::from_raw(width, height, bytes).map(Self::WithAlpha),
            _ => None,
        }
    }

    /// The picture as a viewer shows it.
    pub(crate) fn flat(self) -> GrayImage {
        match self {
            Self::Opaque(picture) => picture,
            Self::WithAlpha(picture) => on_ground(&picture),
        }
    }
}

impl From<DynamicImage> for Grey {
    fn from(picture: DynamicImage) -> Self {
        if picture.color().has_alpha() {
            Self::WithAlpha(picture.into_luma_alpha8())
        } else {
            Self::Opaque(picture.into_luma8())
        }
    }
}

/// Eight bits of grey, on white or black where the picture is transparent.
fn on_ground(picture: &GrayAlphaImage) -> GrayImage {
    let ground = u16::from(ground(picture));
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [grey, alpha] = picture.get_pixel(x, y).0.map(u16::from);
        let seen = (grey * alpha + ground * (255 - alpha)) / 255;
        Luma([u8::try_from(seen).unwrap_or(u8::MAX)])
    })
}

/// The background for a transparent picture: black if almost nothing in it is dark, such as white
/// modules on a transparent ground; otherwise white.
fn ground(picture: &GrayAlphaImage) -> u8 {
    let (mut dark, mut opaque) = (0_u64, 0_u64);
    for [grey, alpha] in picture.pixels().map(|pixel| pixel.0) {
        opaque += u64::from(alpha);
        dark += u64::from(alpha) * u64::from(grey < 128);
    }
    if dark * 5 < opaque { 0 } else { 255 }
}

/// The brightness of a colour (ITU-R BT.709).
pub(crate) fn luma([red, green, blue]: [u8; 3]) -> u8 {
    let sum = 2126 * u32::from(red) + 7152 * u32::from(green) + 722 * u32::from(blue);
    u8::try_from(sum / 10_000).unwrap_or(u8::MAX)
}

/// The picture at half its width and height.
pub(crate) fn halved(picture: &GrayImage) -> GrayImage {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let (half_width, half_height) = ((width / 2).max(1), (height / 2).max(1));
    let pixels = picture.as_raw();
    let mut half = Vec::with_capacity(half_width * half_height);
    for y in 0..half_height {
        let upper = &pixels[2 * y * width..][..width];
        // A picture one pixel high has no lower row.
        let lower = pixels.get((2 * y + 1) * width..).and_then(|rest| rest.get(..width));
        let lower = lower.unwrap_or(upper);
        half.extend((0..half_width).map(|x| {
            let right = (2 * x + 1).min(width - 1);
            let sum = [upper[2 * x], upper[right], lower[2 * x], lower[right]].map(u16::from);
            (sum.iter().sum::<u16>() / 4) as u8
        }));
    }
    GrayImage::from_raw(half_width as u32, half_height as u32, half).unwrap_or_default()
}
