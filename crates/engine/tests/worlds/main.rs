//! A move in a thousand random worlds: overlapping people, nested groups, connectors of every state and scope; writes that are
//! refused, break or lose their answer; runs that are killed at any line of the journal and resumed; other hands in the portal.
//!
//! In process, without sockets, on a virtual clock. The witness is the practice tenant's change log. A world is made from its
//! number alone; a failure prints it, and `USHER_WORLD=<number>` lives through that one again and tells the story.

// What `clippy.toml` allows in tests reaches test functions alone, and the helpers beside them fail a test the same way.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// A story that is asked for is told.
#![allow(clippy::print_stdout)]

mod each_request;
mod hand;
mod interrupted;
mod journal;
mod law;
mod line;
mod look;
mod middle;
mod story;
mod throttled;
mod world;

use std::collections::BTreeMap;

use story::Eyes;

/// How many worlds a test lives through; there are [`TESTS`] of them.
const WORLDS: u64 = 125;
const TESTS: u64 = 8;

fn live(test: u64) {
    if let Ok(one) = std::env::var("USHER_WORLD") {
        if test == 0 {
            story::live(one.parse().unwrap(), Eyes::Open, true).unwrap();
        }
        return;
    }
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    let mut broken = Vec::new();
    for number in (0..WORLDS).map(|at| at * TESTS + test) {
        match story::live(number, Eyes::Open, false) {
            Ok(marks) => marks
                .into_iter()
                .for_each(|mark| *seen.entry(mark).or_default() += 1),
            Err(why) => broken.push(format!("world {number}: {why}")),
        }
    }
    println!("{seen:?}");
    assert!(
        broken.is_empty(),
        "{} of {WORLDS} worlds broke the law:\n{}",
        broken.len(),
        broken.join("\n")
    );
    // Worlds in which nothing happens would prove nothing.
    for (mark, least) in [
        ("paused", WORLDS / 5),
        ("refused", WORLDS / 20),
        ("rolled back", WORLDS / 10),
        ("killed", WORLDS / 10),
        ("struck", WORLDS / 10),
        ("other hand", WORLDS / 10),
        ("unassigned", 1),
    ] {
        let count = seen.get(mark).copied().unwrap_or_default();
        assert!(count >= least, "only {count} worlds were {mark}: {seen:?}");
    }
}

#[test]
fn nobody_is_deactivated_1() {
    live(0);
}
#[test]
fn nobody_is_deactivated_2() {
    live(1);
}
#[test]
fn nobody_is_deactivated_3() {
    live(2);
}
#[test]
fn nobody_is_deactivated_4() {
    live(3);
}
#[test]
fn nobody_is_deactivated_5() {
    live(4);
}
#[test]
fn nobody_is_deactivated_6() {
    live(5);
}
#[test]
fn nobody_is_deactivated_7() {
    live(6);
}
#[test]
fn nobody_is_deactivated_8() {
    live(7);
}

/// The law has teeth: with guards that are made blind, connectors are paused too early and people are deactivated.
#[test]
fn blind_guards_are_found_out() {
    let broken: Vec<String> = (0..60)
        .filter_map(|number| story::live(number, Eyes::Blind, false).err())
        .collect();
    let told = |what: &str| broken.iter().filter(|one| one.contains(what)).count();
    println!("{broken:#?}");
    assert!(told("paused too early") > 0, "nothing was paused too early");
    assert!(told(" deactivated ") > 0, "nobody was deactivated");
}
