//! Files that are mapped into memory, and what happens when one of them shrinks meanwhile.
//!
//! A page behind the new end of the file cannot be read: the system sends the signal SIGBUS, which would end the
//! process without a word. Here the pages are replaced by empty ones instead, the reader goes on, and whoever
//! asks [`Watch`] is told that the file was cut short. The same happens where the disk cannot give a page, or where
//! a file is emptied and written anew: what stands in the replaced pages is never taken for the file.

use std::fs::File;
use std::io;
use std::ops::Deref;
#[cfg(unix)]
use std::sync::Arc;
use std::time::SystemTime;

use memmap2::Mmap;

/// A mapped file.
pub(crate) struct Map {
    bytes: Mmap,
    /// Given back before the pages are: see [`Drop`].
    #[cfg(unix)]
    guard: Arc<guard::Guard>,
}

impl Map {
    /// Maps all of the file.
    ///
    /// # Errors
    /// What the system says; also that there is no guard left for the map.
    #[allow(unsafe_code)]
    pub(crate) fn new(file: &File) -> io::Result<Map> {
        // SAFETY: another process may change the file under the map, which Rust's memory model does not
        // allow for. What the parser takes is a copy: it checks bytes that stay as they are, and strings
        // are of those. Everything else treats the bytes as opaque and checks its bounds, so changed bytes
        // can make a report wrong but not a program unsound in practice. If the file shrinks, the guard sees
        // to it that the pages can still be read.
        let bytes = unsafe { Mmap::map(file)? };
        #[cfg(unix)]
        {
            let _ = bytes.advise(memmap2::Advice::Sequential); // a hint: without it all works the same
            let guard = guard::Guard::over(&bytes).ok_or_else(|| io::Error::other("too many maps"))?;
            Ok(Map { bytes, guard: Arc::new(guard) })
        }
        #[cfg(not(unix))]
        Ok(Map { bytes })
    }
}

impl Deref for Map {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(unix)]
impl Drop for Map {
    fn drop(&mut self) {
        self.guard.release();
    }
}

/// What a file was when it was opened, to be held against what it is later.
pub(crate) struct Watch {
    file: File,
    length: u64,
    modified: Option<SystemTime>,
    /// The guard of the map through which it is read.
    #[cfg(unix)]
    guard: Option<Arc<guard::Guard>>,
}

impl Watch {
    /// Remembers the file as it is.
    pub(crate) fn new(file: File) -> io::Result<Watch> {
        let metadata = file.metadata()?;
        Ok(Watch {
            length: metadata.len(),
            modified: metadata.modified().ok(),
            file,
            #[cfg(unix)]
            guard: None,
        })
    }

    /// Watches the pages of the map too.
    #[cfg_attr(not(unix), expect(unused_variables, clippy::unused_self, reason = "there is nothing to watch"))]
    pub(crate) fn guard(&mut self, map: &Map) {
        #[cfg(unix)]
        {
            self.guard = Some(Arc::clone(&map.guard));
        }
    }

    /// The length of the file when it was opened, in bytes.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Fails if the bytes up to `end` may not be those of the file any more.
    pub(crate) fn check(&self, end: u64) -> io::Result<()> {
        if self.file.metadata()?.len() < end {
            return Err(io::Error::other("the file was cut short while it was read"));
        }
        #[cfg(unix)]
        if self.guard.as_ref().is_some_and(|guard| (guard.lost() as u64) < end) {
            // It is as long as before: it was emptied and filled again, or the disk could not give what it has.
            let changed = "the file was written anew while it was read";
            return Err(if self.is_changed() {
                io::Error::other(changed)
            } else {
                io::Error::from_raw_os_error(libc::EIO)
            });
        }
        Ok(())
    }

    /// Whether the file has been written to.
    pub(crate) fn is_changed(&self) -> bool {
        let same = self
            .file
            .metadata()
            .is_ok_and(|metadata| metadata.len() == self.length && metadata.modified().ok() == self.modified);
        !same
    }
}

#[cfg(unix)]
#[allow(unsafe_code)]
mod guard {
    use std::mem::MaybeUninit;
    use std::ptr;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// The maps that are guarded. The signal handler reads them, so there are no locks: a slot without a start is free,
    /// one without an end guards nothing.
    static SLOTS: [Slot; 16] = [const { Slot::new() }; 16];

    struct Slot {
        start: AtomicUsize,
        end: AtomicUsize,
        /// From where on pages were replaced; as far as a number goes if none were.
        lost: AtomicUsize,
    }

    impl Slot {
        const fn new() -> Slot {
            Slot { start: AtomicUsize::new(0), end: AtomicUsize::new(0), lost: AtomicUsize::new(usize::MAX) }
        }
    }

    /// A slot of our own.
    pub(super) struct Guard(&'static Slot);

    impl Guard {
        /// Guards the pages of a map; `None` if no slot is free.
        pub(super) fn over(bytes: &[u8]) -> Option<Guard> {
            install();
            let start = bytes.as_ptr().addr();
            let free =
                |slot: &&Slot| slot.start.compare_exchange(0, start, Ordering::AcqRel, Ordering::Relaxed).is_ok();
            let slot = SLOTS.iter().find(free)?;
            slot.lost.store(usize::MAX, Ordering::Release);
            slot.end.store(start + bytes.len(), Ordering::Release);
            Some(Guard(slot))
        }

        /// The place of the first byte that could not be read, counted from the start of the map; beyond the map if
        /// all could.
        pub(super) fn lost(&self) -> usize {
            self.0.lost.load(Ordering::Acquire).saturating_sub(self.0.start.load(Ordering::Acquire))
        }

        /// Guards nothing any more. To be called before the pages are unmapped, and once.
        pub(super) fn release(&self) {
            self.0.end.store(0, Ordering::Release);
            self.0.start.store(0, Ordering::Release);
        }
    }

    /// What was done about the signal before: stack overflows may be told by it.
    static PREVIOUS: OnceLock<libc::sigaction> = OnceLock::new();

    fn install() {
        PREVIOUS.get_or_init(|| {
            let mut action = MaybeUninit::<libc::sigaction>::zeroed();
            let mut previous = MaybeUninit::<libc::sigaction>::zeroed();
            // SAFETY: all zeros is a valid `sigaction`, and both pointers are to one. The handler keeps to what a
            // handler may do: it reads atomics, and calls `mmap` and `sigaction`, which are plain system calls.
            unsafe {
                let handler: extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void) = handle;
                (*action.as_mut_ptr()).sa_sigaction = handler as libc::sighandler_t;
                (*action.as_mut_ptr()).sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
                libc::sigaction(libc::SIGBUS, action.as_ptr(), previous.as_mut_ptr());
                previous.assume_init()
            }
        });
    }

    extern "C" fn handle(signal: libc::c_int, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
        // SAFETY: the system hands over a valid `siginfo_t`, and SIGBUS has an address.
        let address = unsafe { (*info).si_addr() }.addr();
        let guarded = SLOTS.iter().find_map(|slot| {
            let (start, end) = (slot.start.load(Ordering::Acquire), slot.end.load(Ordering::Acquire));
            (start != 0 && (start..end).contains(&address)).then_some((slot, end))
        });
        if let Some((slot, end)) = guarded {
            // SAFETY: no pointers are involved.
            let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096);
            let from = address / page * page;
            // First of all, so that who reads zeros can know.
            slot.lost.fetch_min(from, Ordering::AcqRel);
            // SAFETY: the pages from `from` to the end of the map belong to a map that is only read and is not
            // unmapped while it is guarded; they cannot be read as they are. They are replaced by empty ones.
            let empty = unsafe {
                libc::mmap(
                    ptr::with_exposed_provenance_mut(from),
                    end - from,
                    libc::PROT_READ,
                    libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED,
                    -1,
                    0,
                )
            };
            if empty != libc::MAP_FAILED {
                return;
            }
        }
        // Not ours: when the instruction is tried again, what was there before us takes the signal.
        let previous = PREVIOUS.get().map_or(ptr::null(), ptr::from_ref);
        // SAFETY: a null pointer changes nothing, and what is not null was given to us by the same call.
        unsafe {
            if previous.is_null() {
                libc::signal(signal, libc::SIG_DFL);
            } else {
                libc::sigaction(signal, previous, ptr::null_mut());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn what_is_cut_off_reads_as_zeros_and_is_told() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[b'x'; 100_000]).unwrap();
        let mut watch = Watch::new(file.try_clone().unwrap()).unwrap();
        let map = Map::new(&file).unwrap();
        watch.guard(&map);
        assert!(map.iter().all(|&byte| byte == b'x'));
        assert!(watch.check(100_000).is_ok() && !watch.is_changed());
        file.set_len(10).unwrap();
        assert_eq!(map[..10], [b'x'; 10]);
        assert!(map[10..].iter().all(|&byte| byte == 0));
        assert!(watch.check(10).is_ok() && watch.is_changed());
        assert_eq!(watch.check(11).unwrap_err().to_string(), "the file was cut short while it was read");
        // It is filled again, but the map does not show that.
        file.set_len(100_000).unwrap();
        assert!(watch.check(4096).is_ok());
        assert_eq!(watch.check(100_000).unwrap_err().to_string(), "the file was written anew while it was read");
    }
}
