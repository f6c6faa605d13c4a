//! What C makes and frees, by what C takes for its address.

use std::collections::BTreeMap;
use std::ptr::without_provenance_mut;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Everything of one kind that was made and not freed yet.
///
/// C never gets a real address, so what was freed, and any other pointer, is found out instead of
/// followed.
pub(crate) struct Handles<T>(Mutex<Live<T>>);

struct Live<T> {
    by_address: BTreeMap<usize, T>,
    /// The last address that was given out. None is given out twice.
    last: usize,
}

/// Addresses are this far apart: those of real objects would be too.
const STEP: usize = 16;

impl<T: Clone> Handles<T> {
    /// None yet. The addresses of two kinds that begin at different offsets below 16 are never the
    /// same.
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

    /// Takes it out; the caller drops it when others can use the rest again.
    pub(crate) fn remove<H>(&self, handle: *mut H) -> Option<T> {
        self.live().by_address.remove(&handle.addr())
    }

    fn live(&self) -> MutexGuard<'_, Live<T>> {
        // A panic elsewhere leaves nothing half-done, so a poisoned lock is as good as any.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Handle;

    #[test]
    fn what_was_freed_is_never_found_again_and_neither_is_another_kind() {
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
