//! Tells cargo when the embedded web app changed. Building it is `make`'s business, never ours.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // A debug build reads the files from disk when they are asked for and embeds nothing.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../../web/dist");
    }
}
