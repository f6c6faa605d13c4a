//! Objects that C creates and frees. C gets a handle that looks like an address.

use std::collections::BTreeMap;
use std::ptr::without_provenance_mut;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// All live objects of one kind.
///
/// C never gets a real address, so a freed handle or a wrong pointer is detected instead of
/// dereferenced.
pub(crate) struct Handles<T>(Mutex<Live<T>>);

struct Live<T> {
    by_address: BTreeMap<usize, T>,
    /// The last address that was used. No address is used twice.
    last: usize,
}

/// The distance between two addresses, as between real objects.
const STEP: usize = 16;

impl<T: Clone> Handles<T> {
    /// No objects yet. Two kinds with different offsets below 16 never share an address.
    pub(crate) const fn new(offset: usize) -> Self {
        Self(Mutex::new(Live { by_address: BTreeMap::new(), last: offset }))
    }

    pub(crate) fn add<H>(&self, made: T) -> *mut H {
        let mut live = self.live();
        live.last += STEP;
        let address = live.last;
        live.by_address.insert(address, made);
        without_provenance_mut(address)
    }

    pub(crate) fn find<H>(&self, handle: *const H) -> Option<T> {
        self.live().by_address.get(&handle.addr()).cloned()
    }

    /// Removes an object. The caller drops it, after the lock is released.
    pub(crate) fn remove<H>(&self, handle: *mut H) -> Option<T> {
        self.live().by_address.remove(&handle.addr())
    }

    fn live(&self) -> MutexGuard<'_, Live<T>> {
        // A panic elsewhere leaves the map complete, so a poisoned lock is usable.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Handle;

    #[test]
    fn a_freed_handle_and_a_handle_of_another_kind_are_not_found() {
        static ONES: Handles<u8> = Handles::new(0);
        static OTHERS: Handles<u8> = Handles::new(8);
        let (one, other) = (ONES.add::<Handle>(1), OTHERS.add::<Handle>(2));
        assert_eq!((ONES.find(one), OTHERS.find(other)), (Some(1), Some(2)));
        assert_eq!((ONES.find(other), OTHERS.find(one)), (None, None));
        assert_eq!((ONES.remove(one), ONES.remove(one), ONES.find(one)), (Some(1), None, None));
        assert_ne!(ONES.add::<Handle>(3), one);
        assert_eq!(ONES.find(std::ptr::null::<Handle>()), None);
    }
}
