//! A sheet of paper as a camera sees it.

use image::{GrayImage, Luma};

/// Where a sheet is, in front of a camera that looks straight ahead.
#[derive(Clone, Copy)]
pub(crate) struct Pose {
    /// The middle of the sheet, in pixels of the picture.
    pub(crate) centre: (f64, f64),
    /// Pixels of the picture for a pixel of the sheet, where it is not tilted.
    pub(crate) scale: f64,
    /// How far the sheet is turned in its own plane, in radians.
    pub(crate) turn: f64,
    /// How far it is tilted away from the camera, in radians.
    pub(crate) tilt: f64,
    /// The direction in the picture in which it falls back, in radians.
    pub(crate) towards: f64,
}

/// The camera is this many widths of the sheet away.
const DISTANCE: f64 = 3.0;

/// Lays the sheet over the picture: each pixel is the mean of four rays.
///
/// `light` makes the brightness of a place on the sheet into that of the picture there.
pub(crate) fn photograph(
    picture: &mut GrayImage,
    sheet: &GrayImage,
    pose: Pose,
    light: impl Fn(f64, f64, f64) -> f64,
) {
    let (width, height) = (f64::from(sheet.width()), f64::from(sheet.height()));
    let distance = DISTANCE * width.max(height);
    let (turn_sin, turn_cos) = pose.turn.sin_cos();
    let (tilt_sin, tilt_cos) = pose.tilt.sin_cos();
    let (towards_sin, towards_cos) = pose.towards.sin_cos();
    // A ray through the picture meets the tilted plane at this place of the sheet.
    let place = |x: f64, y: f64| {
        let (x, y) = ((x - pose.centre.0) / pose.scale, (y - pose.centre.1) / pose.scale);
        // Along the direction of the tilt, and across it.
        let (along, across) =
            (x * towards_cos + y * towards_sin, y * towards_cos - x * towards_sin);
        let reach = distance * tilt_cos - along * tilt_sin;
        let along_sheet = along * distance / reach;
        let across_sheet = across * (distance + along_sheet * tilt_sin) / distance;
        let (x, y) = (
            along_sheet * towards_cos - across_sheet * towards_sin,
            along_sheet * towards_sin + across_sheet * towards_cos,
        );
        let sheet_x = x * turn_cos + y * turn_sin + width / 2.0;
        let sheet_y = y * turn_cos - x * turn_sin + height / 2.0;
        (reach > 0.0 && (0.0..width).contains(&sheet_x) && (0.0..height).contains(&sheet_y))
            .then_some((sheet_x, sheet_y))
    };
    // No sheet is seen further from its middle than that.
    let radius = pose.scale * width.hypot(height) * 0.8;
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (x, y) = (f64::from(x), f64::from(y));
        if (x - pose.centre.0).abs() > radius || (y - pose.centre.1).abs() > radius {
            continue;
        }
        let ground = f64::from(pixel.0[0]);
        let rays = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)];
        let sum: f64 = rays
            .iter()
            .map(|(right, down)| match place(x + right, y + down) {
                Some((sheet_x, sheet_y)) => {
                    let paper = sheet.get_pixel(sheet_x as u32, sheet_y as u32).0[0];
                    light(f64::from(paper), x, y)
                }
                None => ground,
            })
            .sum();
        *pixel = Luma([(sum / 4.0).clamp(0.0, 255.0) as u8]);
    }
}
