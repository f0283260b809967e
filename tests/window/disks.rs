//! Disks that take nothing more, under the window. The mounts live in a namespace of their own and go with it.

use usher_practice::{Options, Practice};
use usher_tests::Home;
use usher_tests::window::{Driver, Look, Page};

/// The words before the driver: a namespace in which `mount` was done in the home folder.
fn under(mount: &str) -> Vec<String> {
    let script = format!("{mount} && exec \"$@\"");
    let may = std::process::Command::new("unshare")
        .args(["--mount", "true"])
        .output();
    // In a user namespace of one's own even a person without rights may mount.
    let own: &[&str] = match may {
        Ok(output) if output.status.success() => &[],
        _ => &["--user", "--map-root-user"],
    };
    [&["unshare"], own, &["--mount", "sh", "-c", &script, "sh"]]
        .concat()
        .into_iter()
        .map(str::to_owned)
        .collect()
}

struct Set {
    page: Page,
    driver: Driver,
    _practice: Practice,
    home: Home,
}

/// A window whose set-ups lie on the mounted folder `disk`.
async fn on_disk(mount: &str) -> Set {
    let practice = Practice::start(Options::default())
        .await
        .expect("the practice tenant starts");
    let home = Home::new();
    std::fs::create_dir(home.path().join("disk")).expect("a folder can be made");
    let endpoints = home.endpoints(&practice).display().to_string();
    let disk = home.path().join("disk").display().to_string();
    let driver = Driver::start_under(&home, Look::Light, &under(mount)).await;
    let page = driver
        .open(&["--endpoints", &endpoints, "--no-keyring", "--data", &disk])
        .await;
    Set {
        page,
        driver,
        _practice: practice,
        home,
    }
}

#[tokio::test]
async fn a_read_only_disk_is_named_and_the_answers_stay() {
    let set = on_disk("mount -t tmpfs -o ro none disk").await;
    let page = &set.page;
    page.press("Set up account provisioning").await;
    page.fill("Name of this set-up", "Contoso").await;
    page.press("Start the set-up").await;
    page.wait_for("The folder may not be written.").await;
    page.screenshot("disk-read-only").await;
    assert_eq!(page.value_of("Name of this set-up").await, "Contoso");
}

#[tokio::test]
async fn a_full_disk_is_named_and_the_set_up_stays_as_it_was() {
    let set = on_disk("mount -t tmpfs -o size=64k none disk").await;
    let page = &set.page;
    page.press("Set up account provisioning").await;
    page.press("Start the set-up").await;
    page.find("heading", "Prepare").await;
    // The disk lies in the driver's own namespace of mounts.
    let disk = format!(
        "/proc/{}/root{}",
        set.driver.id(),
        set.home.path().join("disk").display()
    );
    let filler = std::path::Path::new(&disk).join("filler");
    // Writing stops where the disk is full: that is what is wanted.
    let _ = std::fs::write(&filler, vec![0; 1 << 20]);

    page.press_one("that opens the menu", |name| name.starts_with("Set-up "))
        .await;
    page.activate("menuitem", "Rename…").await;
    page.fill("Name", "Contoso").await;
    page.press("Rename").await;
    page.wait_for("There is no room left on the disk.").await;
    page.screenshot("disk-full").await;
    let saved = std::fs::read_dir(&disk).expect("the disk can be read");
    let texts = saved
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path != &filler);
    let texts: Vec<_> = texts
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .collect();
    assert!(
        texts.iter().all(|text| !text.contains("Contoso")),
        "the set-up is as it was: {texts:?}"
    );

    std::fs::remove_file(&filler).expect("room can be made");
    page.press("Rename").await;
    page.find("button", "Set-up Contoso").await;
}
