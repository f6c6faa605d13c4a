//! Finds symbols in dark and light pixels.

use std::cmp::Reverse;

use rxing::common::cpp_essentials::{ConcentricPattern, LocateConcentricPattern};
use rxing::common::{BIT_FIELD_BASE_BITS, BitMatrix, DetectorRXingResult};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{FinderPatternSet, GenerateFinderPatternSets, SampleQR};
use rxing::{BarcodeFormat, Point, RXingResult};

use crate::found::{Corner, Found};

/// The runs across the middle of a finder pattern, in modules.
const FINDER: [u16; 5] = [1, 1, 3, 1, 1];

/// Only each third row is read, because the middle of a finder is three modules high.
const ROW_STEP: u32 = 3;

/// The maximum width of a finder in pixels; the library counts in 16 bits.
const MAX_FINDER: u32 = 10_000;

/// The maximum number of places in a picture that are examined.
const MAX_CANDIDATES: usize = 20_000;

/// The maximum number of finders that are combined to symbols: enough for 160 stickers on a wall. Noise
/// has more of them, and they are small.
const MAX_FINDERS: usize = 500;

/// The cost of three finders that are not a symbol, in pixels that are read.
const FAILURE: u64 = 3_000;

/// The maximum number of such failures in a row. Then the search stops, because likely ones come first.
const MAX_FAILURES: u32 = 500;

/// The dark and the light symbols in a picture that is `scale` times as large as the original. It ends
/// when no work is left.
pub(crate) fn symbols_in(bits: &mut BitMatrix, scale: f32, left: &mut u64) -> Vec<Found> {
    let [dark, light] = candidates(bits);
    let mut found = decoded(bits, dark, scale, left);
    if light.len() >= 3 {
        bits.flip_self();
        found.extend(decoded(bits, light, scale, left));
    }
    found
}

/// A place where a row may cross a finder.
struct Candidate {
    middle: Point,
    width: u32,
}

/// Possible finders of dark modules, and of light ones.
fn candidates(bits: &BitMatrix) -> [Vec<Candidate>; 2] {
    let mut candidates = [Vec::new(), Vec::new()];
    let mut edges = Vec::new();
    for y in (ROW_STEP - 1..bits.height()).step_by(ROW_STEP as usize) {
        edges_of_row(bits, y, &mut edges);
        // A light run before the finder, and its own five runs.
        for (at, edges) in edges.windows(7).enumerate() {
            let &[space, start, left, core, core_end, right, end] = edges else { continue };
            let runs = [left - start, core - left, core_end - core, right - core_end, end - right];
            // The border of the picture counts as a quiet zone.
            let space = if at == 0 { u32::MAX } else { start - space };
            if is_finder(space, runs) {
                let middle = rxing::point((core + core_end) as f32 / 2.0, y as f32 + 0.5);
                candidates[at % 2].push(Candidate { middle, width: end - start });
            }
        }
    }
    candidates
}

/// The places in a row where another run begins, of light pixels at first, and the row's end.
///
/// The first run is empty where the first pixel is dark.
fn edges_of_row(bits: &BitMatrix, y: u32, edges: &mut Vec<u32>) {
    edges.clear();
    edges.push(0);
    let width = bits.width();
    let mut last = 0;
    for (at, &word) in bits.getRow(y).getBitArray().iter().enumerate() {
        // A bit is set if its pixel differs from the one before.
        let mut changes = word ^ (word << 1 | last);
        last = word >> (BIT_FIELD_BASE_BITS - 1);
        while changes != 0 {
            let edge = (at * BIT_FIELD_BASE_BITS) as u32 + changes.trailing_zeros();
            if edge < width {
                edges.push(edge);
            }
            changes &= changes - 1;
        }
    }
    edges.push(width);
}

/// Whether the runs are about 1, 1, 3, 1 and 1 modules wide, with some space in front.
fn is_finder(space: u32, runs: [u32; 5]) -> bool {
    let [left, gap, core, other_gap, right] = runs;
    if core < 3 || core < 2 * left.max(right) || core < gap.max(other_gap) {
        return false;
    }
    if runs.iter().sum::<u32>() > MAX_FINDER {
        return false;
    }
    // Ink spreads and light blurs, so modules and gaps may differ in size.
    let module = (left + core + right) as f32 / 5.0;
    let gap = (gap + other_gap) as f32 / 2.0;
    if module.max(gap) > 4.0 * module.min(gap) || (space as f32) < 0.1 * gap {
        return false;
    }
    let near = |run: u32, expected: f32, tolerance: f32| (run as f32 - expected).abs() <= tolerance;
    let of_modules = module * 0.75 + 0.5;
    near(left, module, of_modules)
        && near(core, 3.0 * module, of_modules)
        && near(right, module, of_modules)
        && near(runs[1], gap, gap / 3.0 + 0.5)
        && near(runs[3], gap, gap / 3.0 + 0.5)
}

/// The symbols of dark modules whose finders are among the candidates.
fn decoded(
    bits: &BitMatrix,
    mut candidates: Vec<Candidate>,
    scale: f32,
    left: &mut u64,
) -> Vec<Found> {
    if candidates.len() > MAX_FINDERS {
        candidates.sort_by_key(|candidate| Reverse(candidate.width));
        candidates.truncate(MAX_CANDIDATES);
    }
    let mut finders: Vec<ConcentricPattern> = Vec::new();
    for Candidate { middle, width } in candidates {
        let known = finders
            .iter()
            .any(|finder| Point::distance(middle, finder.p) < finder.size as f32 / 2.0);
        if !known {
            // Three times as far, for strongly tilted symbols.
            let range = 3 * width as i32;
            finders.extend(LocateConcentricPattern::<true, 5, 7>(bits, &FINDER, middle, range));
        }
        if finders.len() == MAX_FINDERS {
            break;
        }
    }
    let mut used: Vec<ConcentricPattern> = Vec::new();
    let mut found = Vec::new();
    let mut failures = 0;
    for triple in GenerateFinderPatternSets(&mut finders) {
        let corners = [triple.bl, triple.tl, triple.tr];
        if corners.iter().any(|corner| used.contains(corner)) {
            continue;
        }
        if let Some(symbol) = symbol(bits, &triple) {
            failures = 0;
            used.extend(corners);
            found.extend(as_found(&symbol, scale));
            continue;
        }
        failures += 1;
        *left = left.saturating_sub(FAILURE);
        if failures == MAX_FAILURES || *left == 0 {
            break;
        }
    }
    found
}

/// The symbol between three finders.
fn symbol(bits: &BitMatrix, finders: &FinderPatternSet) -> Option<RXingResult> {
    let sample = SampleQR(bits, finders).ok()?;
    let content = Decode(sample.getBits()).ok()?;
    content.isValid().then(|| {
        RXingResult::with_decoder_result(content, sample.getPoints(), BarcodeFormat::QR_CODE)
    })
}

fn as_found(result: &RXingResult, scale: f32) -> Option<Found> {
    // If a symbol names no encoding, the library guesses one. A payload is UTF-8 (EMVCo MPM 4.12), so
    // bytes that are valid UTF-8 need no guess.
    let text = String::from_utf8(result.getRawBytes().to_vec())
        .unwrap_or_else(|_| result.getText().to_owned());
    let corner = |point: Point| Corner { x: point.x / scale, y: point.y / scale };
    let &[upper_left, upper_right, lower_left, lower_right] = result.getPoints() else {
        return None;
    };
    Some(Found { text, corners: [upper_left, upper_right, lower_right, lower_left].map(corner) })
}
