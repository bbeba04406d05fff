//! How much may be done for one value. Cost follows what was asked: a value that goes along with others waits for no
//! long search, one that the user asked for does.

use crate::limits::{MAX_REPLAY_STEPS, MAX_REPLAY_STEPS_ON_THE_WAY};

/// How much may be done for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// It goes along with others in a line of a backtrace: long functions are not analysed.
    Line,
    /// It goes along with something else, as the reason of the crash: a program runs again for a moment.
    Short,
    /// The user asked for it.
    Long,
}

impl Patience {
    /// Instructions of the program that are run again for it.
    pub fn replay_steps(self) -> u64 {
        match self {
            Patience::Line | Patience::Short => MAX_REPLAY_STEPS_ON_THE_WAY,
            Patience::Long => MAX_REPLAY_STEPS,
        }
    }
}
