//! How long judging and writing take on the largest world that is promised, and on half of it: `measure [USERS]`.

#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::time::{Duration, Instant};

use usher_core::checklist::{Checklist, Format};
use usher_core::checks::judge;
use usher_core::testing::{Size, large};

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let result = work();
    (begun.elapsed(), result)
}

fn main() {
    let all = Size::PROMISED;
    let half = Size {
        users: all.users / 2,
        groups: all.groups / 2,
        workspaces: all.workspaces / 2,
    };
    for size in [half, all] {
        let (setup, world, now) = large(size);
        let (judging, report) = timed(|| judge(&setup, &world, now));
        println!("{} users: judged in {judging:?}", size.users);
        for finding in report
            .findings
            .iter()
            .filter(|finding| finding.subjects.len() > 1_000)
        {
            println!("    {}: {} subjects", finding.check, finding.subjects.len());
        }
        let list = Checklist::of(&setup, &world, &report);
        for format in [Format::Markdown, Format::Html, Format::Json, Format::Csv] {
            let list = list.clone();
            let (writing, text) = timed(|| list.text(format, now));
            println!(
                "    {}: {} bytes, {} lines in {writing:?}",
                format.extension(),
                text.len(),
                text.lines().count()
            );
        }
    }
}
