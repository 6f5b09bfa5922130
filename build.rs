//! Lays out the tables of the token counter (see `src/tokens.rs`) as bytes that are used in place.

#[path = "build/classes.rs"]
mod classes;
#[path = "src/tokens/layout.rs"]
mod layout;
#[path = "build/perfect_hash.rs"]
mod perfect_hash;
#[path = "build/spans.rs"]
mod spans;
#[path = "build/special.rs"]
mod special;
#[path = "build/vocabulary.rs"]
mod vocabulary;

use std::path::PathBuf;
use std::{env, error, fs, io};

fn main() -> Result<(), Box<dyn error::Error>> {
    for source in ["build.rs", "build", "src/tokens/layout.rs"] {
        println!("cargo::rerun-if-changed={source}");
    }
    let out = Out(PathBuf::from(env::var("OUT_DIR")?));
    out.write("classes.bin", &classes::table()?)?;
    let o200k = tiktoken_rs::o200k_base()?;
    let cl100k = tiktoken_rs::cl100k_base()?;
    let p50k = tiktoken_rs::p50k_base()?;
    let r50k = tiktoken_rs::r50k_base()?;
    for (name, bpe) in [("o200k", &o200k), ("cl100k", &cl100k), ("p50k", &p50k)] {
        let tokens = vocabulary::tokens(bpe);
        vocabulary::assert_merged(&tokens);
        vocabulary::write(&out, name, &tokens)?;
    }
    let r50k_tokens = vocabulary::tokens(&r50k);
    vocabulary::assert_merged(&r50k_tokens);
    vocabulary::assert_prefix(&r50k_tokens, &vocabulary::tokens(&p50k));
    let harmony = tiktoken_rs::o200k_harmony()?;
    let special = [
        ("O200K_BASE", &o200k),
        ("CL100K_BASE", &cl100k),
        ("P50K_BASE", &p50k),
        ("R50K_BASE", &r50k),
        ("O200K_HARMONY", &harmony),
    ];
    out.write("special.rs", special::lists(&special).as_bytes())?;
    Ok(())
}

/// The only folder that is written to.
struct Out(PathBuf);

impl Out {
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::write(self.0.join(name), bytes)
    }
}
