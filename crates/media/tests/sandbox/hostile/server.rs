//! A server with one job that never ends, for the test that kills it.

use std::process::ExitCode;

use domain::MediaType;
use media::{Config, Spool, Workshop, steps};

/// Prints the zygote's process id, then runs a job until killed.
pub fn run() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be had");
    runtime.block_on(serve());
    ExitCode::FAILURE
}

async fn serve() {
    let config = Config::default();
    let exe = "/proc/self/exe".into();
    let workshop = Workshop::start(config.clone(), exe, Vec::new()).await;
    let workshop = workshop.expect("the workshop starts");
    let spool = Spool::new("/nowhere".into(), 0);
    let mut input = spool.begin(5).await.expect("five bytes can be had");
    input.write(b"sleep").expect("five bytes are given");
    let input = input.seal().expect("five bytes were given");
    let seat = workshop.admit(1).await.expect("there is room");
    println!("{}", workshop.zygote_pid().expect("there is a zygote"));
    let task = steps::picture_task(MediaType::Jpeg, &config);
    let ended = workshop.run(seat, task, input).await;
    eprintln!("a job without end ended: {ended:?}");
}
