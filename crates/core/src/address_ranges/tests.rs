use proptest::prelude::*;
use serde_json::json;

use super::*;

fn file(prefixes: &[&str]) -> String {
    json!({
        "changeNumber": 391, "cloud": "Public",
        "values": [
            {"name": "AzureActiveDirectory.ServiceEndpoint", "properties": {"changeNumber": 2, "addressPrefixes": ["198.51.100.0/24"]}},
            {"name": "AzureActiveDirectory", "id": "AzureActiveDirectory", "properties": {
                "changeNumber": 17, "region": "", "platform": "Azure", "systemService": "AzureAD", "addressPrefixes": prefixes}},
            {"name": "AzureActiveDirectoryDomainServices", "properties": {"changeNumber": 3, "addressPrefixes": ["192.0.2.0/24"]}}
        ]
    })
    .to_string()
}

fn ranges(prefixes: &[&str]) -> AddressRanges {
    AddressRanges::read(&file(prefixes)).unwrap()
}

fn texts<'a>(networks: impl IntoIterator<Item = &'a Network>) -> Vec<String> {
    networks.into_iter().map(ToString::to_string).collect()
}

#[test]
fn exactly_the_tag_is_read() {
    let ranges = ranges(&["203.0.113.0/25", "2001:db8::/48", "203.0.113.200/32"]);
    assert_eq!(
        (ranges.cloud.as_str(), ranges.file_change, ranges.tag_change),
        ("Public", 391, 17)
    );
    assert_eq!((ranges.v4_count(), ranges.v6_count()), (2, 1));
    assert_eq!(
        texts(&ranges.networks),
        ["203.0.113.0/25", "203.0.113.200/32", "2001:db8::/48"]
    );
}

#[test]
fn a_file_that_cannot_be_used_says_why() {
    let error = |text: &str| AddressRanges::read(text).unwrap_err();
    assert!(matches!(error(""), ServiceTagsError::NotServiceTags(_)));
    assert!(matches!(
        error("<html>"),
        ServiceTagsError::NotServiceTags(_)
    ));
    assert!(matches!(error("[]"), ServiceTagsError::NotServiceTags(_)));
    assert_eq!(
        error(r#"{"changeNumber":1,"cloud":"Public","values":[]}"#),
        ServiceTagsError::TagMissing
    );
    assert_eq!(error(&file(&[])), ServiceTagsError::NoAddresses);
    let twice = r#"{"changeNumber":1,"cloud":"Public","values":[
        {"name":"AzureActiveDirectory","properties":{}},{"name":"AzureActiveDirectory","properties":{}}]}"#;
    assert_eq!(error(twice), ServiceTagsError::TagRepeated(2));
    for bad in [
        "203.0.113.0/33",
        "203.0.113.0/",
        "203.0.113.0/+8",
        "2001:db8::/129",
        "elsewhere",
        "203.0.113.0/24/8",
    ] {
        assert_eq!(
            error(&file(&[bad])),
            ServiceTagsError::BadAddress(NetworkError::Unreadable(bad.to_owned()))
        );
    }
    let inside = error(&file(&["203.0.113.7/24"]));
    assert_eq!(
        inside,
        ServiceTagsError::BadAddress(NetworkError::HostBits("203.0.113.7/24".to_owned()))
    );
    assert!(inside.to_string().contains("203.0.113.7/24"));
}

#[test]
fn what_changed_is_told_from_what_stayed() {
    let older = ranges(&["203.0.113.0/25", "192.0.2.0/24"]);
    let newer = ranges(&["203.0.113.0/25", "198.51.100.0/24"]);
    let difference = newer.since(&older);
    assert_eq!(texts(&difference.added), ["198.51.100.0/24"]);
    assert_eq!(texts(&difference.gone), ["192.0.2.0/24"]);
    assert!(newer.since(&newer).is_empty());
}

#[test]
fn neighbours_are_merged_and_strangers_are_not() {
    let list = ranges(&[
        "203.0.113.0/25",
        "203.0.113.128/25",
        "203.0.113.64/26",
        "192.0.2.1/32",
        "192.0.2.2/32",
        "2001:db8::/33",
        "2001:db8:8000::/33",
    ])
    .access_list();
    assert_eq!(
        texts(&list.v4),
        ["192.0.2.1/32", "192.0.2.2/32", "203.0.113.0/24"]
    );
    assert_eq!(texts(&list.v6), ["2001:db8::/32"]);
    assert_eq!(
        list.text(),
        "192.0.2.1/32\n192.0.2.2/32\n203.0.113.0/24\n2001:db8::/32\n"
    );
    let everything = ranges(&["0.0.0.0/1", "128.0.0.0/1", "::/0"]).access_list();
    assert_eq!(everything.text(), "0.0.0.0/0\n::/0\n");
}

#[test]
fn the_limit_counts_what_the_lists_have_already() {
    let prefixes: Vec<String> = (0..1_001_u32)
        .map(|n| format!("10.{}.{}.0/32", n / 128, n % 128 * 2))
        .collect();
    let list = ranges(&prefixes.iter().map(String::as_str).collect::<Vec<_>>()).access_list();
    assert_eq!((list.len(), list.above_limit(0)), (1_001, 1));
    let small = ranges(&["192.0.2.0/24"]).access_list();
    assert_eq!((small.above_limit(999), small.above_limit(1_000)), (0, 1));
}

prop_compose! {
    /// Networks of a small corner, so that they meet.
    fn network()(v4 in any::<bool>(), number in 0u16..256, host_bits in 0u8..=8) -> Network {
        let first = u128::from(number) & !network::ones(host_bits);
        let base = if v4 { 0x0a00_0000 } else { 0x2001_0db8u128 << 96 };
        Network::beginning(base | first, host_bits, v4)
    }
}

fn addresses<'a>(networks: impl IntoIterator<Item = &'a Network>) -> BTreeSet<(bool, u128)> {
    networks
        .into_iter()
        .flat_map(|network| {
            (network.first()..=network.last()).map(|address| (network.is_v4(), address))
        })
        .collect()
}

proptest! {
    #[test]
    fn merging_loses_and_adds_no_address(networks in proptest::collection::btree_set(network(), 0..40)) {
        let merged = merge::merged(&networks);
        prop_assert_eq!(addresses(&merged), addresses(&networks));
        // No address twice, and no more entries than before.
        let counted: u128 = merged.iter().map(|network| network.last() - network.first() + 1).sum();
        prop_assert_eq!(counted, u128::try_from(addresses(&networks).len()).unwrap());
        prop_assert!(merged.len() <= networks.len());
        // Merged once is merged.
        let again = merge::merged(&merged.iter().copied().collect());
        prop_assert_eq!(again, merged);
    }

    #[test]
    fn a_network_reads_back(address in any::<u128>(), v4 in any::<bool>(), host_bits in 0u8..=32) {
        let first = if v4 { address & network::ones(32) } else { address };
        let network = Network::beginning(first & !network::ones(host_bits), host_bits, v4);
        prop_assert_eq!(network.to_string().parse::<Network>(), Ok(network));
    }
}
