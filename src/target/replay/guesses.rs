//! What is tried when a program is run again and the dump does not tell what the host answered: the order of it.

use std::collections::VecDeque;

use super::host::Guess;

/// Most runs: one for each number of arguments, and some more where a terminal matters or they were given back.
const MAX_GUESSES: usize = 34;

/// Numbers of arguments that are tried though the array of them is gone.
const MAX_GIVEN_BACK: usize = 6;

/// What is to be tried, the likely first.
#[derive(Default)]
pub(super) struct Guesses {
    /// In the order of likelihood: the arguments are there; they were given back; there are strings that are no texts.
    waiting: [VecDeque<Guess>; 3],
    known: Vec<Guess>,
    tried: usize,
}

impl Guesses {
    /// The likeliest that was not tried; none once enough were.
    pub fn next(&mut self) -> Option<Guess> {
        self.tried += 1;
        self.waiting.iter_mut().find_map(VecDeque::pop_front).filter(|_| self.tried <= MAX_GUESSES)
    }

    /// Programs that keep their arguments are tried before those that gave them back.
    pub fn add(&mut self, guess: Guess) {
        self.wait(0, guess);
        if guess.arguments.count as usize <= MAX_GIVEN_BACK {
            self.wait(1, Guess { is_given_back: true, ..guess });
        }
    }

    /// What is tried when nothing else is left.
    pub fn add_unlikely(&mut self, guess: Guess) {
        self.wait(2, guess);
        if guess.arguments.count as usize <= MAX_GIVEN_BACK {
            self.wait(2, Guess { is_given_back: true, ..guess });
        }
    }

    fn wait(&mut self, place: usize, guess: Guess) {
        const MAX_KNOWN: usize = 4 * MAX_GUESSES;
        if self.known.len() < MAX_KNOWN && !self.known.contains(&guess) {
            self.known.push(guess);
            self.waiting.get_mut(place).into_iter().for_each(|waiting| waiting.push_back(guess));
        }
    }
}
