//! The faults that will happen, and when.

use serde::{Deserialize, Serialize};

use crate::fault::{Fault, FaultCall, FaultError, FaultRepeat, Occasion};

/// The body of a request for a fault: `{"fault":"slow","on":"check","times":"once","seconds":3}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultRequest {
    fault: String,
    #[serde(default)]
    on: FaultCall,
    #[serde(default)]
    times: FaultRepeat,
    seconds: Option<f64>,
    words: Option<String>,
}

impl FaultRequest {
    /// The fault of this name with these parameters.
    pub(crate) fn order(self) -> Result<Order, FaultError> {
        let fault = Fault::named(&self.fault, self.seconds, self.words.as_deref())?;
        Ok(Order { fault, on: self.on, times: self.times })
    }
}

/// A fault that will happen.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Order {
    #[serde(flatten)]
    pub(crate) fault: Fault,
    pub(crate) on: FaultCall,
    pub(crate) times: FaultRepeat,
}

/// The faults that will happen, in the order of the requests.
#[derive(Debug, Default)]
pub(crate) struct Orders(Vec<Order>);

impl Orders {
    pub(crate) fn add(&mut self, order: Order) {
        self.0.push(order);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn all(&self) -> &[Order] {
        &self.0
    }

    /// All faults that happen now. The ones that happen once are removed.
    pub(crate) fn take(&mut self, occasion: Occasion) -> Vec<Fault> {
        let mut happening = Vec::new();
        self.0.retain(|order| {
            let now = order.fault.happens_on(occasion, order.on);
            if now {
                happening.push(order.fault.clone());
            }
            !now || order.times == FaultRepeat::Standing
        });
        happening
    }
}
