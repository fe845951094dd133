//! Loading of the rules by the caller of the library, who knows their file.

use std::sync::Arc;

use crate::model::{Failure, ListedRule, Rule};

/// The rules of a file, and what is wrong in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoadedRules {
    /// The rules without a mistake.
    pub rules: Vec<Rule>,
    /// A failure for each of the others.
    pub failures: Vec<Failure>,
    /// The rules and the mistakes in the order of the file, without the numbers of their acts.
    pub rows: Vec<ListedRule>,
}

/// A function that loads the rules.
#[derive(Clone)]
pub struct RuleLoader(Arc<dyn Fn() -> LoadedRules + Send + Sync>);

impl RuleLoader {
    /// Creates a loader that calls `load`.
    pub fn new(load: impl Fn() -> LoadedRules + Send + Sync + 'static) -> RuleLoader {
        RuleLoader(Arc::new(load))
    }

    /// Loads the rules as they are now.
    pub fn load(&self) -> LoadedRules {
        (self.0)()
    }
}

impl Default for RuleLoader {
    fn default() -> RuleLoader {
        RuleLoader::new(LoadedRules::default)
    }
}
