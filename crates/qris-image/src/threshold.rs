//! Separates grey pixels into dark and light ones.

use image::GrayImage;
use rxing::common::{BIT_FIELD_BASE_BITS, BitArray, BitMatrix};

/// The side of a block of pixels with a common threshold.
const BLOCK: usize = 8;

/// The minimum number of blocks across and down for a local threshold.
const MIN_BLOCKS: usize = 5;

/// The minimum difference in brightness within a block that has both dark and light pixels. With a lower
/// value, noise of white paper becomes dark pixels.
const MIN_RANGE: u8 = 24;

/// The distance from a pixel, in pixels, up to which the mean is taken.
const REACH: usize = 12;

/// How much darker than the mean a dark pixel is. It is more than averaged noise.
const MARGIN: u32 = 2;

/// Compares each pixel with its surroundings, for uneven light.
///
/// The threshold of a block is the mean over five by five blocks. A block with almost the same brightness
/// everywhere is all dark or all light, like its neighbours. A smaller picture has one threshold.
pub(crate) fn local(grey: &GrayImage) -> Option<BitMatrix> {
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    if width < MIN_BLOCKS * BLOCK || height < MIN_BLOCKS * BLOCK {
        return global(grey);
    }
    let (columns, rows) = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
    let means = block_means(grey, columns, rows);
    // Sums of five means along each row, then of five of those down each column.
    let across: Vec<u32> = means
        .chunks_exact(columns)
        .flat_map(|row| {
            (0..columns).map(|column| {
                let middle = column.clamp(2, columns - 3);
                row[middle - 2..=middle + 2].iter().sum::<u32>()
            })
        })
        .collect();
    let mut thresholds = vec![0_u8; columns];
    let mut bits = Rows::new(grey)?;
    for block_row in 0..rows {
        let middle = block_row.clamp(2, rows - 3);
        for (column, threshold) in thresholds.iter_mut().enumerate() {
            let sum: u32 =
                (middle - 2..=middle + 2).map(|row| across[row * columns + column]).sum();
            *threshold = u8::try_from(sum / 25).unwrap_or(u8::MAX);
        }
        for y in block_row * BLOCK..height.min((block_row + 1) * BLOCK) {
            bits.fill(y, |column| thresholds[column]);
        }
    }
    Some(bits.matrix)
}

/// Compares each pixel with one threshold, which separates the brightness best (Otsu's method).
///
/// `None` if all pixels are the same.
pub(crate) fn global(grey: &GrayImage) -> Option<BitMatrix> {
    let mut counts = [0_u64; 256];
    for &pixel in grey.as_raw() {
        counts[usize::from(pixel)] += 1;
    }
    let total: u64 = counts.iter().sum();
    let sum: u64 = (0..).zip(&counts).map(|(brightness, count)| brightness * count).sum();
    let (mut dark, mut dark_sum) = (0_u64, 0_u64);
    let mut best = None;
    for (brightness, count) in (0_u8..=u8::MAX).zip(counts) {
        dark += count;
        dark_sum += u64::from(brightness) * count;
        if dark == 0 || dark == total {
            continue;
        }
        let light = (total - dark) as f64;
        let apart = dark_sum as f64 / dark as f64 - (sum - dark_sum) as f64 / light;
        let variance = dark as f64 * light * apart * apart;
        if best.is_none_or(|(most, _)| variance > most) {
            best = Some((variance, brightness));
        }
    }
    let (_, threshold) = best?;
    let mut bits = Rows::new(grey)?;
    for y in 0..grey.height() as usize {
        bits.fill(y, |_| threshold);
    }
    Some(bits.matrix)
}

/// Compares each pixel with the mean of the square around it, for little contrast.
pub(crate) fn mean(grey: &GrayImage) -> Option<BitMatrix> {
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let pixels = grey.as_raw();
    let row_of = |y: usize| &pixels[y * width..][..width];
    let mut bits = Rows::new(grey)?;
    // The sum of each column over the rows around.
    let mut columns = vec![0_u32; width];
    let add = |columns: &mut [u32], y: usize| {
        columns.iter_mut().zip(row_of(y)).for_each(|(sum, &pixel)| *sum += u32::from(pixel));
    };
    (0..REACH.min(height)).for_each(|y| add(&mut columns, y));
    let mut dark = vec![false; width];
    for y in 0..height {
        if y + REACH < height {
            add(&mut columns, y + REACH);
        }
        if let Some(gone) = y.checked_sub(REACH + 1) {
            let row = row_of(gone);
            columns.iter_mut().zip(row).for_each(|(sum, &pixel)| *sum -= u32::from(pixel));
        }
        let rows = (y + REACH + 1).min(height) - y.saturating_sub(REACH);
        let mut sum: u32 = columns.iter().take(REACH).sum();
        for (x, (dark, &pixel)) in dark.iter_mut().zip(row_of(y)).enumerate() {
            sum += columns.get(x + REACH).copied().unwrap_or(0);
            if let Some(gone) = x.checked_sub(REACH + 1) {
                sum -= columns[gone];
            }
            let around = rows * ((x + REACH + 1).min(width) - x.saturating_sub(REACH));
            *dark = (u32::from(pixel) + MARGIN) * (around as u32) < sum;
        }
        bits.set(y, &dark);
    }
    Some(bits.matrix)
}

/// The dark pixels among at most eight, the first in the lowest bit.
fn mask(pixels: &[u8], threshold: u8) -> usize {
    pixels.iter().rev().fold(0, |mask, &pixel| mask << 1 | usize::from(pixel <= threshold))
}

/// The threshold of each block of eight by eight pixels.
fn block_means(grey: &GrayImage, columns: usize, rows: usize) -> Vec<u32> {
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let pixels = grey.as_raw();
    let mut means = vec![0_u32; columns * rows];
    for row in 0..rows {
        // The last block ends where the picture does.
        let top = (row * BLOCK).min(height - BLOCK);
        for column in 0..columns {
            let left = (column * BLOCK).min(width - BLOCK);
            let (mut sum, mut min, mut max) = (0_u32, u8::MAX, 0_u8);
            for y in top..top + BLOCK {
                for &pixel in &pixels[y * width + left..][..BLOCK] {
                    sum += u32::from(pixel);
                    min = min.min(pixel);
                    max = max.max(pixel);
                }
            }
            let at = row * columns + column;
            means[at] = if max - min > MIN_RANGE {
                sum / (BLOCK * BLOCK) as u32
            } else {
                // All light, unless it is darker than the threshold of its neighbours.
                let neighbours = (row > 0 && column > 0).then(|| {
                    (means[at - columns] + 2 * means[at - 1] + means[at - columns - 1]) / 4
                });
                neighbours.filter(|&mean| u32::from(min) < mean).unwrap_or(u32::from(min) / 2)
            };
        }
    }
    means
}

/// The rows of a picture on their way into a matrix of bits.
struct Rows<'a> {
    grey: &'a [u8],
    width: usize,
    row: BitArray,
    matrix: BitMatrix,
}

impl<'a> Rows<'a> {
    fn new(grey: &'a GrayImage) -> Option<Self> {
        let matrix = BitMatrix::new(grey.width(), grey.height()).ok()?;
        let width = grey.width() as usize;
        Some(Self { grey: grey.as_raw(), width, row: BitArray::with_size(width), matrix })
    }

    /// Compares a row with the threshold of each column of blocks.
    fn fill(&mut self, y: usize, threshold: impl Fn(usize) -> u8) {
        let row = &self.grey[y * self.width..][..self.width];
        let blocks_in_word = BIT_FIELD_BASE_BITS / BLOCK;
        for (at, pixels) in row.chunks(BIT_FIELD_BASE_BITS).enumerate() {
            let word = pixels.chunks(BLOCK).enumerate().fold(0, |word, (block, pixels)| {
                let threshold = threshold(at * blocks_in_word + block);
                word | mask(pixels, threshold) << (block * BLOCK)
            });
            self.row.setBulk(at * BIT_FIELD_BASE_BITS, word);
        }
        self.matrix.setRow(y as u32, &self.row);
    }

    /// Takes a row whose pixels are already separated.
    fn set(&mut self, y: usize, dark: &[bool]) {
        for (at, dark) in dark.chunks(BIT_FIELD_BASE_BITS).enumerate() {
            let word = dark.iter().rev().fold(0, |word, &dark| word << 1 | usize::from(dark));
            self.row.setBulk(at * BIT_FIELD_BASE_BITS, word);
        }
        self.matrix.setRow(y as u32, &self.row);
    }
}
