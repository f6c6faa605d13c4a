//! Draws pictures through the public API, turns them into pixels, and reads them with this crate and
//! with zbar, which shares no code with it.

#[path = "../../examples/pictures/camera.rs"]
mod camera;
mod contrast;
mod drawn;
mod formats;
mod found;
mod grey;
#[path = "../laws/mod.rs"]
mod laws;
mod letters;
mod poster;
mod printer;
mod refused;
mod seen;
mod terminal;
mod vectors;
mod zbar;
