//! The process behind the hidden command `mediavault sandbox`: a zygote that forks a child for
//! every file. See `docs/adr/0003-sandbox.md`.

use std::process::ExitCode;

/// Serves the workshop of the server that started this process, and returns when it goes away. Call
/// it first thing in `main`: the process must not have made a second thread.
pub fn serve() -> ExitCode {
    media::zygote::serve(crate::warm_up, crate::understand)
}
