//! The `ftlint` command.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io;
use std::process::ExitCode;

use ftlint::cli;

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Ok(outcome) => outcome.into(),
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => cli::cannot_write(&error).into(),
    }
}

/// The memory of the system. When there is none left this says so and ends the run as one that failed: otherwise it
/// would end like a crash, by a signal.
struct Memory;

#[global_allocator]
static MEMORY: Memory = Memory;

// SAFETY: everything is passed on to the allocator of the system as it came.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: whoever calls keeps to the rules of `GlobalAlloc`, here and below.
        given(unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        given(unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        given(unsafe { System.realloc(memory, layout, size) })
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(memory, layout) }
    }
}

fn given(memory: *mut u8) -> *mut u8 {
    if memory.is_null() {
        out_of_memory();
    }
    memory
}

#[cfg(unix)]
#[cold]
#[allow(unsafe_code)]
fn out_of_memory() {
    const SAID: &[u8] = b"ftlint: out of memory\n";
    // SAFETY: both are plain system calls and allocate nothing, and the pointer and the length are those of a text.
    unsafe {
        libc::write(libc::STDERR_FILENO, SAID.as_ptr().cast(), SAID.len());
        libc::_exit(2);
    }
}

/// Elsewhere the standard library says it.
#[cfg(not(unix))]
fn out_of_memory() {}
