//! A sandbox whose decoder is a villain: the input says what it does. Started by the tests as the
//! zygote, and with the arguments `server` and `census` as a server.

#[path = "hostile/probe.rs"]
mod probe;
#[path = "hostile/server.rs"]
mod server;

use std::fs::File;
use std::io::Write;
use std::os::fd::FromRawFd;
use std::process::ExitCode;

use domain::Facts;
use media::{Answer, PictureFormat, Problem, ProblemCode, RenditionMade, Report, Task};

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("server") => server::run(server::serve),
        Some("census") => server::run(server::count),
        Some("sickly") => ExitCode::FAILURE,
        Some("threaded") => media::zygote::serve(start_a_thread, understand),
        _ => media::zygote::serve(|| {}, understand),
    }
}

fn start_a_thread() {
    std::thread::spawn(std::thread::park);
}

fn understand(task: &Task, input: &[u8], outputs: &mut [File]) -> Answer {
    let command = std::str::from_utf8(input).unwrap_or("be honest");
    match command {
        "segfault" => segfault(),
        "overflow the stack" => report(vec![deep(1).to_string()]),
        "loop" => loop {
            std::hint::spin_loop();
        },
        "sleep" => loop {
            std::thread::park();
        },
        "hoard" => hoard(),
        "be honest with 100 MiB" => {
            std::hint::black_box(vec![1_u8; 100 << 20]);
            draw(task, outputs, |_| {})
        }
        "hoard in threads" => hoard_in_threads(),
        "panic" => panic!("a villain's panic"),
        "abort" => std::process::abort(),
        "vanish" => vanish(0),
        "exit with 7" => vanish(7),
        "spew" => spew(&mut outputs[0]),
        "spew words" => loop {
            eprintln!("{}", "blah ".repeat(1000));
        },
        "babble" => report(vec!["x".repeat(2 << 20)]),
        "answer garbage" => garbage(),
        "probe" => report(probe::attempts()),
        "list descriptors" => report(probe::descriptors()),
        "use threads" => report(vec![threads().to_string()]),
        "refuse" => Answer::Refused(Problem {
            code: ProblemCode::Damaged,
            message: "cut\u{7} off\nhere".to_owned(),
        }),
        "lie about the size" => draw(task, outputs, |made| made.size += 1),
        "lie about the width" => draw(task, outputs, |made| made.width = 100_000),
        "keep the output mapped" => keep_mapped(task, outputs),
        _ => draw(task, outputs, |_| {}),
    }
}

fn report(keywords: Vec<String>) -> Answer {
    Answer::Done(Report {
        facts: Facts {
            keywords,
            ..Facts::default()
        },
        renditions: Vec::new(),
        problems: vec![Problem {
            code: ProblemCode::NoPicture,
            message: "a villain draws when he likes".to_owned(),
        }],
    })
}

/// Writes what passes for a picture, and says so after `twist`.
fn draw(task: &Task, outputs: &mut [File], twist: fn(&mut RenditionMade)) -> Answer {
    let bytes = b"RIFF\x04\0\0\0WEBP";
    let mut renditions = Vec::new();
    for (wanted, output) in task.renditions.iter().zip(outputs) {
        output.write_all(bytes).expect("an output takes 12 bytes");
        let mut made = RenditionMade {
            name: wanted.name.clone(),
            width: wanted.long_edge,
            height: 1,
            format: PictureFormat::WebP,
            size: bytes.len() as u64,
        };
        twist(&mut made);
        renditions.push(made);
    }
    Answer::Done(Report {
        facts: Facts::default(),
        renditions,
        problems: Vec::new(),
    })
}

fn segfault() -> Answer {
    // SAFETY: none; dying of it is the purpose.
    unsafe { std::ptr::without_provenance_mut::<u8>(8).write_volatile(1) };
    report(Vec::new())
}

#[allow(
    unconditional_recursion,
    reason = "overflowing the stack is the purpose"
)]
fn deep(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 64]);
    frame[7] + std::hint::black_box(deep(depth + 1)) + frame[8]
}

fn hoard() -> Answer {
    let mut hoard = Vec::new();
    loop {
        let mut piece: Vec<u8> = Vec::with_capacity(8 << 20);
        piece.resize(8 << 20, 1);
        hoard.push(std::hint::black_box(piece));
    }
}

/// Threads without end: their number is bounded by the memory of their stacks.
fn hoard_in_threads() -> Answer {
    let mut started = 0_u32;
    let sleeper = || loop {
        std::thread::park();
    };
    while std::thread::Builder::new().spawn(sleeper).is_ok() {
        started += 1;
    }
    report(vec![started.to_string()])
}

fn threads() -> u64 {
    let threads: Vec<_> = (1..=4_u64)
        .map(|n| std::thread::spawn(move || n * n))
        .collect();
    threads
        .into_iter()
        .map(|thread| thread.join().unwrap_or(0))
        .sum()
}

fn vanish(code: i32) -> ! {
    // SAFETY: ends the process at once.
    unsafe { libc::_exit(code) }
}

fn spew(output: &mut File) -> Answer {
    let block = [0; 64 << 10];
    while output.write_all(&block).is_ok() {}
    report(vec!["the output ended".to_owned()])
}

/// Scribbles on every descriptor there is, and leaves as if all were well.
fn garbage() -> Answer {
    for fd in 3..32 {
        // SAFETY: whether or not it is open, writing nonsense to it is the purpose; it is not
        // closed, as the process ends first.
        let mut file = unsafe { File::from_raw_fd(fd) };
        // Most of them are not open.
        drop(file.write_all(&[0xee; 100]));
        std::mem::forget(file);
    }
    vanish(0)
}

/// Says all is well while a thread could still write to the picture.
fn keep_mapped(task: &Task, outputs: &mut [File]) -> Answer {
    let answer = draw(task, outputs, |_| {});
    // SAFETY: a new mapping that is never read or written through a reference.
    let mapped = unsafe {
        rustix::mm::mmap(
            std::ptr::null_mut(),
            4096,
            rustix::mm::ProtFlags::WRITE,
            rustix::mm::MapFlags::SHARED,
            &outputs[0],
            0,
        )
    };
    assert!(mapped.is_ok());
    answer
}
