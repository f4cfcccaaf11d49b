//! A value that is shared until somebody writes to it.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A value that is cheap to clone. Whoever writes to a clone writes to a copy
/// of its own, and who writes to the only one copies nothing.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Shared<T>(Arc<T>);

/// A list of which most stays the same from one pass to the next.
pub type List<T> = Shared<Vec<T>>;

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T: Clone> IntoIterator for &'a mut List<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_writes_to_a_clone_writes_to_a_copy() {
        let mut one: List<u8> = vec![1, 2].into();
        let other = one.clone();
        one[0] = 9;
        assert_eq!((one[0], other[0]), (9, 1));
    }
}
