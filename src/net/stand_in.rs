//! A network for tests, in place of that of the system.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
};

/// Host names and addresses that exist only in a test. The guard judges these addresses, and the
/// connections go to servers of the test.
pub trait StandInNetwork: fmt::Debug + Send + Sync {
    /// Returns the addresses of a host name; none if there is no such host.
    fn look_up(&self, host: &str) -> Vec<IpAddr>;

    /// Returns the address to connect to in place of `address`.
    fn server_at(&self, address: SocketAddr) -> SocketAddr;
}
