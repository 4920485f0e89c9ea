//! What a decoder can do wrong, and what its owner is told.

use media::{Config, ProblemCode};

use crate::villain::{Villain, small};

/// The command ends as `code`, with `said` in its message, and the next job is done all the same.
async fn fails(config: Config, command: &str, code: ProblemCode, said: &str) {
    let villain = Villain::new(config).await;
    let zygote = villain.zygote();
    let problem = villain.draw(command).await.unwrap_err();
    assert_eq!(problem.code, code, "{problem:?}");
    assert!(problem.message.contains(said), "{problem:?}");
    villain.draw("be honest").await.unwrap();
    assert_eq!(villain.zygote(), zygote, "the zygote survived");
    let state = villain.workshop.state();
    assert_eq!((state.running, state.restarts), (0, 0));
}

#[tokio::test]
async fn an_honest_decoder_brings_its_pictures() {
    let villain = Villain::new(small()).await;
    let outcome = villain.draw("be honest").await.unwrap();
    assert_eq!(outcome.report.renditions.len(), 2);
    assert_eq!(outcome.pictures.len(), 2);
    for mut picture in outcome.pictures {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut picture, &mut bytes).unwrap();
        assert_eq!(bytes, b"RIFF\x04\0\0\0WEBP");
    }
}

#[tokio::test]
async fn a_refusal_is_passed_on_without_control_characters() {
    fails(small(), "refuse", ProblemCode::Damaged, "cut off here").await;
}

#[tokio::test]
async fn a_segmentation_fault() {
    fails(small(), "segfault", ProblemCode::Crashed, "SIGSEGV").await;
}

#[tokio::test]
async fn a_stack_overflow() {
    fails(
        small(),
        "overflow the stack",
        ProblemCode::Crashed,
        "died with",
    )
    .await;
}

#[tokio::test]
async fn an_abort() {
    fails(small(), "abort", ProblemCode::Crashed, "SIGABRT").await;
}

#[tokio::test]
async fn a_panic() {
    fails(small(), "panic", ProblemCode::Crashed, "gave up").await;
}

#[tokio::test]
async fn an_endless_loop() {
    fails(small(), "loop", ProblemCode::TimedOut, "1 s of CPU time").await;
}

#[tokio::test]
async fn an_endless_sleep() {
    let config = Config {
        max_wall_seconds: 1,
        ..small()
    };
    fails(
        config,
        "sleep",
        ProblemCode::TimedOut,
        "longer than allowed",
    )
    .await;
}

#[tokio::test]
async fn too_much_memory() {
    fails(small(), "hoard", ProblemCode::TooLarge, "128 MiB").await;
}

#[tokio::test]
async fn a_job_whose_estimate_was_low_gets_a_second_try_and_no_third() {
    let villain = Villain::new(small()).await;
    let low = 70 << 20;
    villain.draw_within("be honest", low).await.unwrap();
    let outcome = villain.draw_within("be honest with 100 MiB", low).await;
    assert_eq!(outcome.unwrap().pictures.len(), 2);
    let problem = villain.draw_within("hoard", low).await.unwrap_err();
    assert_eq!(problem.code, ProblemCode::TooLarge);
    assert!(problem.message.contains("128 MiB"), "{problem:?}");
    assert_eq!(villain.workshop.state().memory_taken, 0);
}

#[tokio::test]
async fn too_much_output() {
    fails(small(), "spew", ProblemCode::TooLarge, "1 MiB").await;
}

#[tokio::test]
async fn too_many_words() {
    fails(small(), "spew words", ProblemCode::TooLarge, "1 MiB").await;
}

#[tokio::test]
async fn too_long_an_answer() {
    let config = Config {
        max_output: 16 << 20,
        ..small()
    };
    fails(config, "babble", ProblemCode::Crashed, "too long").await;
}

#[tokio::test]
async fn an_answer_of_garbage() {
    fails(
        small(),
        "answer garbage",
        ProblemCode::Crashed,
        "makes no sense",
    )
    .await;
}

#[tokio::test]
async fn no_answer() {
    fails(small(), "vanish", ProblemCode::Crashed, "without an answer").await;
}

#[tokio::test]
async fn an_exit() {
    fails(small(), "exit with 7", ProblemCode::Crashed, "code 7").await;
}

#[tokio::test]
async fn a_lie_about_the_size() {
    fails(
        small(),
        "lie about the size",
        ProblemCode::Crashed,
        "number of bytes",
    )
    .await;
}

#[tokio::test]
async fn a_lie_about_the_width() {
    fails(
        small(),
        "lie about the width",
        ProblemCode::Crashed,
        "another size",
    )
    .await;
}

#[tokio::test]
async fn a_picture_can_be_mapped_and_is_still_sealed_afterwards() {
    let villain = Villain::new(small()).await;
    let outcome = villain.draw("keep the output mapped").await.unwrap();
    let seals = rustix::fs::fcntl_get_seals(&outcome.pictures[0]).unwrap();
    assert!(seals.contains(rustix::fs::SealFlags::WRITE), "{seals:?}");
}

#[tokio::test]
async fn one_villain_does_not_disturb_the_others() {
    let villain = Villain::new(small()).await;
    let honest = async {
        for _ in 0..20 {
            villain.draw("be honest").await.unwrap();
        }
    };
    let hostile = async {
        for command in ["segfault", "hoard", "panic", "spew", "answer garbage"] {
            villain.draw(command).await.unwrap_err();
        }
    };
    tokio::join!(honest, hostile);
    assert_eq!(villain.workshop.state().restarts, 0);
}
