//! `mediavault`, the one program: the server, its sandboxed decoders, and the command line that an
//! operator and a power user need. Commands are one file each under `commands/`.

mod cli;
mod client;
mod commands;
mod config;
mod doctor;
mod download;
mod export;
mod figures;
mod import;
mod output;
mod serve;
mod upload;
mod wiring;

use std::ffi::OsStr;
use std::process::ExitCode;

use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // The hidden command: must run before anything makes a thread, and is given no terminal.
    if std::env::args_os().nth(1).as_deref() == Some(OsStr::new("sandbox")) {
        return decode::sandbox::serve();
    }
    if rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .is_err()
    {
        unreachable!("nothing before main installs a TLS provider");
    }
    cli::Cli::parse().run()
}
