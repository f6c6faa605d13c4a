//! `qris sandbox`: the Open API's stand-in.

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use qris_sandbox::{DEFAULT_API_KEY, DEFAULT_MERCHANT_ID, Sandbox};

use crate::output::print;

/// Runs the stand-in for the Open API until it is interrupted
///
/// It answers the two calls of the API, and `/` is a page that plays the payer's phone. A create
/// without `useTip` gets a QR that asks for a tip. Nothing is kept when it ends.
#[derive(Args)]
#[command(after_help = "Example:\n  qris sandbox --listen 127.0.0.1:7000\n\n\
    Then, elsewhere:\n  export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456\n  \
    export QRIS_BASE_URL=http://127.0.0.1:7000/restapi/qris/\n  qris order create INV-1 25578")]
pub(crate) struct SandboxCommand {
    /// Where to listen. The sandbox guards nothing: keep it on loopback
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7000")]
    listen: SocketAddr,

    /// Where to send webhooks when somebody pays
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,

    /// How long an invoice can be paid, in minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    validity: u32,

    /// Refuse what the provider's documentation does not show, though production clients send it:
    /// a POST, a time after the date, another `do` on a check, no `useTip`
    #[arg(long)]
    strict: bool,
}

impl SandboxCommand {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut builder = Sandbox::builder()
                .listen(self.listen)
                .validity(Duration::from_secs(u64::from(self.validity) * 60))
                .strict(self.strict);
            if let Some(url) = self.webhook {
                builder = builder.webhook(url);
            }
            let sandbox = builder.start().await.map_err(io::Error::other)?;
            print(&format!(
                "QRIS_BASE_URL={}\nQRIS_API_KEY={DEFAULT_API_KEY}\n\
                 QRIS_MERCHANT_ID={DEFAULT_MERCHANT_ID}\n\
                 The payer's phone: http://{}/\n",
                sandbox.base_url(),
                sandbox.address()
            ))?;
            tokio::signal::ctrl_c().await?;
            sandbox.stop().await;
            Ok(ExitCode::SUCCESS)
        })
    }
}
