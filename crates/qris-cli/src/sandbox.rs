//! `qris sandbox`: the replacement for the Open API.

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use qris_sandbox::{
    AbsentTip, Behaviour, CheckAction, CheckAmount, CheckDate, DEFAULT_API_KEY,
    DEFAULT_MERCHANT_ID, Fault, FaultCall, FaultError, FaultRepeat, IdKind, Note, RefusalShape,
    RepeatedNumber, Rrn, Sandbox, StartError, TimeInDate,
};

use crate::messages::message;
use crate::output::print;

const MAX_NUMBER_CHARS: u16 = Behaviour::MAX_NUMBER_CHARS as u16;

/// A flag whose values are the words of a sandbox enum.
macro_rules! words {
    ($of:ty) => {
        PossibleValuesParser::new(<$of>::WORDS).try_map(|word| word.parse::<$of>())
    };
}

/// Behaviour that the provider's documentation does not define. `qris probe` prints these flags with the
/// values of a live account.
#[derive(Args)]
// The key of the heading.
#[command(next_help_heading = "heading")]
struct Open {
    #[arg(long, value_name = "KIND", default_value = "text", value_parser = words!(IdKind))]
    ids: IdKind,

    #[arg(long, value_name = "N", default_value_t = MAX_NUMBER_CHARS, value_parser = clap::value_parser!(u16).range(1..=i64::from(MAX_NUMBER_CHARS)))]
    longest_number: u16,

    #[arg(long, value_name = "RESULT", default_value = "second-invoice", value_parser = words!(RepeatedNumber))]
    repeated_number: RepeatedNumber,

    #[arg(long, value_name = "RESULT", default_value = "tip", value_parser = words!(AbsentTip))]
    absent_tip: AbsentTip,

    #[arg(long, value_name = "SHAPE", default_value = "documented", value_parser = words!(RefusalShape))]
    refusals: RefusalShape,

    #[arg(long, value_name = "STATUS", default_value_t = 200, value_parser = clap::value_parser!(u16).range(200..=599))]
    refusal_status: u16,

    #[arg(long, value_name = "TYPE", default_value = "application/json", value_parser = header)]
    content_type: String,

    #[arg(long, value_name = "DAY", default_value = "payment", value_parser = words!(CheckDate))]
    check_date: CheckDate,

    #[arg(long, value_name = "EFFECT", default_value = "ignored", value_parser = words!(TimeInDate))]
    time_in_date: TimeInDate,

    #[arg(long, value_name = "HOW", default_value = "compared", value_parser = words!(CheckAmount))]
    check_amount: CheckAmount,

    #[arg(long, value_name = "EFFECT", default_value = "ignored", value_parser = words!(CheckAction))]
    check_action: CheckAction,

    #[arg(long, value_name = "FORM", default_value = "number-and-amount", value_parser = words!(Note))]
    note: Note,

    #[arg(long, value_name = "WHETHER", default_value = "present", value_parser = words!(Rrn))]
    rrn: Rrn,

    #[arg(long, value_name = "NAME", value_parser = fault)]
    fault: Vec<Fault>,
}

impl Open {
    fn behaviour(&self) -> Behaviour {
        let mut behaviour = Behaviour::default();
        behaviour.ids = self.ids;
        behaviour.longest_number = self.longest_number.into();
        behaviour.repeated_number = self.repeated_number;
        behaviour.absent_tip = self.absent_tip;
        behaviour.refusals = self.refusals;
        behaviour.refusal_status = self.refusal_status;
        behaviour.content_type.clone_from(&self.content_type);
        behaviour.check_date = self.check_date;
        behaviour.time_in_date = self.time_in_date;
        behaviour.check_amount = self.check_amount;
        behaviour.check_action = self.check_action;
        behaviour.note = self.note;
        behaviour.rrn = self.rrn;
        behaviour
    }
}

fn header(text: &str) -> Result<String, String> {
    let is_printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if is_printable { Ok(text.to_owned()) } else { Err(message!("sandbox-not-printable")) }
}

fn fault(name: &str) -> Result<Fault, FaultError> {
    Fault::named(name, None, None)
}

#[derive(Args)]
pub(crate) struct SandboxCommand {
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7000")]
    listen: SocketAddr,

    #[arg(long, value_name = "URL")]
    webhook: Option<String>,

    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    validity: u32,

    #[arg(long)]
    strict: bool,

    #[command(flatten)]
    open: Open,
}

impl SandboxCommand {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut builder = Sandbox::builder()
                .listen(self.listen)
                .validity(Duration::from_secs(u64::from(self.validity) * 60))
                .behaviour(self.open.behaviour());
            if self.strict {
                builder = builder.strict();
            }
            if let Some(url) = self.webhook {
                builder = builder.webhook(url);
            }
            let sandbox = builder.start().await.map_err(|error| match error {
                StartError::Webhook(_) => io::Error::other(message!("sandbox-webhook-url")),
                other => io::Error::other(other),
            })?;
            for fault in self.open.fault {
                sandbox.inject(fault, FaultCall::Any, FaultRepeat::Standing);
            }
            print(&format!(
                "QRIS_BASE_URL={}\nQRIS_API_KEY={DEFAULT_API_KEY}\n\
                 QRIS_MERCHANT_ID={DEFAULT_MERCHANT_ID}\n\
                 {}\n",
                sandbox.base_url(),
                message!("sandbox-phone", address = sandbox.address())
            ))?;
            tokio::signal::ctrl_c().await?;
            sandbox.stop().await;
            Ok(ExitCode::SUCCESS)
        })
    }
}
