//! Pictures are drawn through the public API, turned into pixels, and read by ourselves and by
//! zbar, which shares no code with us.

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
