//! People, their sessions, and the tokens of programs and displays.

mod name;
mod sessions;
mod tokens;
mod users;

pub use self::name::PersonName;
pub use self::sessions::{NewSession, Session, SessionHolder, SessionId};
pub use self::tokens::{AccessToken, AccessTokenId, TokenRole};
pub use self::users::{Role, SignInTry, User, UserId};
