//! Searches symbols in grey pixels.

use std::borrow::Cow;

use image::GrayImage;
use image::imageops::{self, FilterType};

use crate::found::Found;
use crate::pixels::halved;
use crate::symbols::symbols_in;
use crate::threshold;

/// The maximum work for one picture, counted in pixels that are read.
///
/// All attempts share it, the most likely ones first. A picture of 12 megapixels without a symbol takes
/// less than half of it.
pub(crate) const MAX_WORK: u64 = 100_000_000;

/// The maximum number of pixels of a picture that is first searched in its own size. A larger picture
/// is first searched in a smaller size, and in its own size only if nothing was found.
const MAX_FIRST: u64 = 25_000_000;

/// The maximum number of pixels of a picture that is sharpened and enlarged if nothing was found. A
/// larger picture has enough pixels.
const MAX_FINE: u64 = 4_000_000;

/// The minimum side of a picture with a symbol: one pixel for each module.
const MIN_SIDE: u32 = 21;

/// The cost of sharpening a pixel, compared with reading it.
const SHARPENING: u64 = 8;

/// The symbols. Tries cheap searches first, and stops after the first one that finds any.
pub(crate) fn symbols(grey: &GrayImage) -> Vec<Found> {
    Search { left: MAX_WORK }.symbols(grey)
}

/// The ways to separate dark from light.
#[derive(Clone, Copy)]
enum Threshold {
    /// By the contrast around each pixel, for uneven light.
    Local,
    /// By the mean around each pixel, for little contrast and for averaged noise.
    Mean,
    /// By one threshold for the whole picture, for large modules and little contrast.
    Global,
}

/// A search for symbols, and the work that is left for it.
struct Search {
    left: u64,
}

impl Search {
    fn symbols(&mut self, grey: &GrayImage) -> Vec<Found> {
        if grey.width().min(grey.height()) < MIN_SIDE {
            return Vec::new();
        }
        // Large pictures are looked at smaller first.
        let mut halvings = 0;
        let mut first = Cow::Borrowed(grey);
        while pixels(&first) > MAX_FIRST {
            first = Cow::Owned(halved(&first));
            halvings += 1;
        }
        let found = self.symbols_at(&first, 0.5_f32.powi(halvings));
        if !found.is_empty() || halvings == 0 {
            return found;
        }
        drop(first);
        self.look(grey, 1.0, Threshold::Local)
    }

    /// The symbols in a picture that is `scale` times as large as the original.
    fn symbols_at(&mut self, grey: &GrayImage, scale: f32) -> Vec<Found> {
        use Threshold::{Global, Local, Mean};

        let found = self.look(grey, scale, Local);
        if !found.is_empty() {
            return found;
        }
        // Noise of single pixels averages out.
        let half = halved(grey);
        let quarter = halved(&half);
        let smaller = [(&half, 0.5, Mean), (&quarter, 0.25, Mean), (&half, 0.5, Global)];
        for (smaller, factor, threshold) in smaller {
            let found = self.look(smaller, scale * factor, threshold);
            if !found.is_empty() {
                return found;
            }
        }
        for threshold in [Global, Mean] {
            let found = self.look(grey, scale, threshold);
            if !found.is_empty() {
                return found;
            }
        }
        // Light modules on a dark ground that is not even.
        let inverted = GrayImage::from_fn(half.width(), half.height(), |x, y| {
            image::Luma([!half.get_pixel(x, y).0[0]])
        });
        let found = self.look(&inverted, scale * 0.5, Local);
        if !found.is_empty() || pixels(grey) > MAX_FINE {
            return found;
        }
        // Out of focus, dark and light run into each other.
        if self.spend(SHARPENING * pixels(grey)) {
            let found = self.look(&imageops::unsharpen(grey, 2.0, 0), scale, Local);
            if !found.is_empty() {
                return found;
            }
        }
        // Modules of two or three pixels are too few for the search for finders.
        if self.spend(4 * pixels(grey)) {
            let (width, height) = grey.dimensions();
            let larger = imageops::resize(grey, 2 * width, 2 * height, FilterType::Triangle);
            for threshold in [Local, Mean] {
                let found = self.look(&larger, scale * 2.0, threshold);
                if !found.is_empty() {
                    return found;
                }
            }
        }
        Vec::new()
    }

    /// The symbols with one way to separate dark from light, if there is work left for it.
    fn look(&mut self, grey: &GrayImage, scale: f32, threshold: Threshold) -> Vec<Found> {
        if !self.spend(pixels(grey)) {
            return Vec::new();
        }
        let bits = match threshold {
            Threshold::Local => threshold::local(grey),
            Threshold::Mean => threshold::mean(grey),
            Threshold::Global => threshold::global(grey),
        };
        bits.map_or_else(Vec::new, |mut bits| symbols_in(&mut bits, scale, &mut self.left))
    }

    /// Takes this much from the work that is left. `None` if there is too little.
    fn spend(&mut self, work: u64) -> bool {
        let left = self.left.checked_sub(work);
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }
}

fn pixels(grey: &GrayImage) -> u64 {
    u64::from(grey.width()) * u64::from(grey.height())
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    /// Numbers that look random (xorshift), as pixels.
    fn noise(width: u32, height: u32) -> GrayImage {
        let mut state = 88_172_645_463_325_252_u64;
        GrayImage::from_fn(width, height, |_, _| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            Luma([state as u8])
        })
    }

    /// Finders without a symbol, as close together as they fit.
    fn finders(width: u32, height: u32, module: u32) -> GrayImage {
        GrayImage::from_fn(width, height, |x, y| {
            let from_middle = |at: u32| (at / module % 9).abs_diff(4);
            let ring = from_middle(x).max(from_middle(y));
            Luma([if ring == 3 || ring < 2 { 0 } else { 255 }])
        })
    }

    /// The cost of a search in a picture without symbols, in pixels.
    #[track_caller]
    fn work(grey: &GrayImage) -> u64 {
        let mut search = Search { left: MAX_WORK };
        assert!(search.symbols(grey).is_empty());
        MAX_WORK - search.left
    }

    #[test]
    fn twelve_megapixels_without_a_symbol_cost_less_than_seven_looks_at_them() {
        for picture in [noise(4_000, 3_000), finders(4_000, 3_000, 2)] {
            let work = work(&picture);
            assert!(work < 7 * 12_000_000, "{work}");
        }
    }

    #[test]
    fn a_picture_of_any_size_costs_no_more_than_there_is() {
        for (width, height) in [(6_000, 4_200), (30_000, 40), (40, 30_000)] {
            let work = work(&finders(width, height, 3));
            assert!(work <= MAX_WORK, "{work} for {width} by {height}");
        }
    }

    #[test]
    fn a_search_with_no_work_left_looks_at_nothing() {
        let mut search = Search { left: 99 };
        assert!(search.symbols(&noise(100, 100)).is_empty());
        assert_eq!(search.left, 99);
    }

    #[test]
    fn pictures_of_a_few_pixels_have_no_symbol() {
        for (width, height) in [(0, 0), (1, 1), (1, 100), (100, 1), (3, 3), (39, 41), (41, 39)] {
            assert!(symbols(&noise(width, height)).is_empty(), "{width} by {height}");
        }
    }
}
