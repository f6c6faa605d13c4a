//! Parameters and rows of statements, and the trait that runs them.

use jiff::Timestamp;
use qris_api::{TransactionNumber, WibTime};

use crate::{Error, MerchantRowId};

/// A parameter or a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Text(String),
    /// In whole seconds in parameters, so that text order is time order in SQLite.
    Time(WibTime),
    /// A type that this program never writes. Only in results, never in parameters.
    Unreadable,
}

impl From<MerchantRowId> for Value {
    fn from(merchant: MerchantRowId) -> Self {
        Self::Integer(merchant.0)
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Integer(yes.into())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<WibTime> for Value {
    fn from(time: WibTime) -> Self {
        let second = Timestamp::from_second(time.timestamp().as_second());
        Self::Time(second.map_or(time, WibTime::from))
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row of a result. Each column is read once, by its position; its name is used in errors.
#[derive(Debug)]
pub(crate) struct Row(pub(crate) Vec<Value>);

impl Row {
    /// The first column if it is text: the number of the record.
    pub(crate) fn key(&self) -> Option<&str> {
        match self.0.first() {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The number of the record's row, if there is one.
    pub(crate) fn number(&self) -> Option<TransactionNumber> {
        self.key().and_then(|text| TransactionNumber::parse(text).ok())
    }

    /// The row of an order, from the second column.
    pub(crate) fn order_row(&self) -> Option<i64> {
        match self.0.get(1) {
            Some(Value::Integer(id)) => Some(*id),
            _ => None,
        }
    }

    fn take(&mut self, at: usize) -> Value {
        self.0.get_mut(at).map_or(Value::Null, |value| std::mem::replace(value, Value::Null))
    }

    pub(crate) fn integer(&mut self, at: usize, column: &'static str) -> Result<i64, Error> {
        match self.take(at) {
            Value::Integer(number) => Ok(number),
            _ => Err(Error::Corrupt { column }),
        }
    }

    pub(crate) fn optional_integer(
        &mut self,
        at: usize,
        column: &'static str,
    ) -> Result<Option<i64>, Error> {
        match self.take(at) {
            Value::Integer(number) => Ok(Some(number)),
            Value::Null => Ok(None),
            _ => Err(Error::Corrupt { column }),
        }
    }

    pub(crate) fn optional_natural(
        &mut self,
        at: usize,
        column: &'static str,
    ) -> Result<Option<u64>, Error> {
        let number = self.optional_integer(at, column)?.map(u64::try_from).transpose();
        number.map_err(|_| Error::Corrupt { column })
    }

    pub(crate) fn natural(&mut self, at: usize, column: &'static str) -> Result<u64, Error> {
        self.integer(at, column)?.try_into().map_err(|_| Error::Corrupt { column })
    }

    pub(crate) fn text(&mut self, at: usize, column: &'static str) -> Result<String, Error> {
        self.optional_text(at, column)?.ok_or(Error::Corrupt { column })
    }

    pub(crate) fn optional_text(
        &mut self,
        at: usize,
        column: &'static str,
    ) -> Result<Option<String>, Error> {
        match self.take(at) {
            Value::Text(text) => Ok(Some(text)),
            Value::Null => Ok(None),
            _ => Err(Error::Corrupt { column }),
        }
    }

    /// Text that is a channel, a state or a day.
    pub(crate) fn word<T: std::str::FromStr>(
        &mut self,
        at: usize,
        column: &'static str,
    ) -> Result<T, Error> {
        self.text(at, column)?.parse().map_err(|_| Error::Corrupt { column })
    }

    pub(crate) fn time(&mut self, at: usize, column: &'static str) -> Result<WibTime, Error> {
        self.optional_time(at, column)?.ok_or(Error::Corrupt { column })
    }

    pub(crate) fn optional_time(
        &mut self,
        at: usize,
        column: &'static str,
    ) -> Result<Option<WibTime>, Error> {
        match self.take(at) {
            Value::Null => Ok(None),
            Value::Time(time) => Ok(Some(time)),
            Value::Text(text) => {
                let moment: Timestamp = text.parse().map_err(|_| Error::Corrupt { column })?;
                Ok(Some(moment.into()))
            }
            Value::Integer(_) | Value::Unreadable => Err(Error::Corrupt { column }),
        }
    }
}

/// Where statements run: a transaction, or a connection for a single query.
pub(crate) trait Statements {
    fn query(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Error>;

    /// The database server's clock, which all processes that share it see.
    fn server_time(&mut self) -> Result<Option<WibTime>, Error>;
}
