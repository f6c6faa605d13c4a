//! Serves the sandbox until Ctrl-C, and prints where.
//!
//! `cargo run -p qris-sandbox --example serve -- 127.0.0.1:7000`

use std::error::Error;

use qris_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut sandbox = Sandbox::builder();
    if let Some(address) = std::env::args().nth(1) {
        sandbox = sandbox.listen(address.parse()?);
    }
    let sandbox = sandbox.start().await?;
    println!("the API:    {}", sandbox.base_url());
    println!("the payer:  http://{}/", sandbox.address());
    tokio::signal::ctrl_c().await?;
    sandbox.stop().await;
    Ok(())
}
