//! Reading sources again: which files of a folder are new, changed, moved or gone; when a feed is asked, what its
//! answer means, and which of its entries are new. Pure, but for questions to the library.

mod address;
mod answer;
mod arrivals;
mod due;
mod identity;
mod plan;

pub use address::{file_address, file_path};
pub use answer::{Outcome, answer, request};
pub use arrivals::{Found, arrivals};
pub use due::{Wishes, after_answer, after_failure, is_asked};
pub use identity::{Identity, digest, identities};
pub use plan::{Plan, plan};
