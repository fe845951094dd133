//! Hosts and addresses that are not on the public internet, as far as that is known without looking them up.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::url::{self, Host};

/// Returns true if a host is private without being looked up: `localhost` (RFC 6761 §6.3) or a
/// private address.
pub fn is_private_host(host: &Host<&str>) -> bool {
    match *host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(address) => is_private_address(address.into()),
        Host::Ipv6(address) => is_private_address(address.into()),
    }
}

/// Returns true if the host of a URL is private without being looked up, so that a request to it stays
/// on this computer or in the user's own network.
pub fn names_private_host(url: &str) -> bool {
    url::parse_web_url(url).is_some_and(|url| url.host().is_some_and(|host| is_private_host(&host)))
}

/// Returns true if the host of a URL is private, and is not that of `known`, which the user supplied.
pub fn names_other_private_host(url: &str, known: &str) -> bool {
    names_private_host(url) && url::origin(url) != url::origin(known)
}

/// Returns true if an address is not on the public internet (RFC 6890, with its mapped and
/// translated forms).
pub fn is_private_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_private_v4(v4),
        IpAddr::V6(v6) => is_private_v6(v6),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && matches!(c, 0 | 2))
        || (a == 198 && matches!(b, 18 | 19))
        || (a, b, c) == (198, 51, 100)
        || (a, b, c) == (203, 0, 113)
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let is_private_embedded_v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_private_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // ::/96 and ::ffff:0:0/96: an IPv4 address, or none at all.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => is_private_embedded_v4(high, low),
        // NAT64 (RFC 6052).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_private_embedded_v4(high, low),
        [0x64, 0xff9b, 1, ..] => true,
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => is_private_embedded_v4(high, low),
        [first, second, ..] => {
            first & 0xfe00 == 0xfc00
                || first & 0xffc0 == 0xfe80
                || first & 0xffc0 == 0xfec0
                || first & 0xff00 == 0xff00
                || (first == 0x2001 && (second == 0xdb8 || second < 0x200))
                || (first, second) == (0x100, 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses a host and checks it. An invalid host is never reached, so it is not private.
    fn names_private_host(host: &str) -> bool {
        super::names_private_host(&format!("http://{host}/"))
    }

    #[test]
    fn is_private_host_recognizes_names_and_literals() {
        for host in [
            "localhost",
            "a.LOCALHOST.",
            "127.0.0.1",
            "0x7f.1",
            "2130706433",
            "127.1",
            "0177.0.0.1",
            "[::1]",
            // To every URL parser a bare prefix is the number zero: 0.0.0.0.
            "0x",
            "１２７.0.0.1",
            "%6cocalhost",
        ] {
            assert!(names_private_host(host), "{host}");
        }
        for host in
            ["example.org", "localhost.example.org", "1.1", "16843009", "", "...", "1.2.3.4.5"]
        {
            assert!(!names_private_host(host), "{host}");
        }
    }

    #[test]
    fn is_private_address_covers_special_ranges() {
        let private = [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "192.0.0.8",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "::127.0.0.1",
        ];
        for address in private {
            assert!(is_private_address(address.parse().unwrap()), "{address}");
        }
        for address in [
            "1.1.1.1",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
        ] {
            assert!(!is_private_address(address.parse().unwrap()), "{address}");
        }
    }
}
