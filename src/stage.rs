//! The stages of a pass, by name, for whoever wants to know how long they take.

use std::fmt;
use std::sync::Arc;

/// A stage of a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The folder becomes a snapshot.
    Read,
    /// Each file becomes a document.
    Parse,
    /// The documents are joined.
    Resolve,
    /// The pages are listed.
    Plan,
    /// What a page may show is gathered.
    View,
    /// A view becomes HTML.
    Render,
    /// The links of a page are looked at.
    Audit,
    /// A file is put into the output folder.
    Write,
}

impl Stage {
    /// All of them, in their order.
    pub const ALL: [Self; 8] = [
        Self::Read,
        Self::Parse,
        Self::Resolve,
        Self::Plan,
        Self::View,
        Self::Render,
        Self::Audit,
        Self::Write,
    ];
}

/// Is told which stage begins on the thread that tells it, or that what was
/// going on there has ended. Nobody listens by default.
#[derive(Clone, Default)]
pub struct Observer(Option<Arc<Observe>>);

type Observe = dyn Fn(Option<Stage>) + Send + Sync;

impl Observer {
    /// One that hands on what it is told.
    pub fn new(observe: impl Fn(Option<Stage>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(observe)))
    }

    /// This begins now, and what went on before has ended.
    pub fn begins(&self, stage: Stage) {
        if let Some(observe) = &self.0 {
            observe(Some(stage));
        }
    }

    /// What went on has ended.
    pub fn ends(&self) {
        if let Some(observe) = &self.0 {
            observe(None);
        }
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}
