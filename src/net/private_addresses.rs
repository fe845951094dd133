//! The SSRF guard: refuses private, loopback and link-local addresses unless the user supplied the
//! URL.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use ureq::{
    Error,
    config::Config,
    http::Uri,
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::NextTimeout,
    },
};

use super::StandInNetwork;
use crate::text::is_private_address;

/// The network that an address belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkScope {
    /// The public internet.
    Public,
    /// The user's computer or own network.
    Private,
}

/// The resolver's refusal of an address, in the form that the HTTP library can carry.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct PrivateAddressError(pub(super) IpAddr);

/// A resolver that leaves out private addresses, so that no connection is made to one. Every request
/// asks it, after each redirect as well.
///
/// Of a name that has addresses in both networks only the public ones are left: otherwise any page
/// could name a host of its own that leads to this computer as well.
#[derive(Debug)]
pub(super) struct GuardedResolver {
    /// The network that may be reached; [`NetworkScope::Private`] allows any address.
    pub(super) scope: NetworkScope,
    /// The user's proxy, which may have any address.
    pub(super) proxy: Option<Uri>,
    pub(super) stand_in: Option<Arc<dyn StandInNetwork>>,
}

impl Resolver for GuardedResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.look_up(uri, config, timeout)?;
        if self.scope == NetworkScope::Private || self.proxy.as_ref() == Some(uri) {
            return Ok(found);
        }
        let mut public = self.empty();
        let is_public = |address: &&SocketAddr| !is_private_address(address.ip());
        found.iter().filter(is_public).for_each(|address| public.push(*address));
        match found.first() {
            Some(refused) if public.is_empty() => {
                Err(Error::Other(Box::new(PrivateAddressError(refused.ip()))))
            }
            _ => Ok(public),
        }
    }
}

impl GuardedResolver {
    /// Returns all addresses of a host. One that is an IP address needs no resolver, and no thread
    /// that waits for one.
    fn look_up(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let literal = uri.host().and_then(parse_ip_literal);
        let ips = match (literal, &self.stand_in) {
            (Some(ip), _) => vec![ip],
            (None, Some(network)) => network.look_up(uri.host().unwrap_or_default()),
            (None, None) => return DefaultResolver::default().resolve(uri, config, timeout),
        };
        let port = port_of(uri).ok_or(Error::HostNotFound)?;
        let mut addresses = self.empty();
        for ip in ips {
            addresses.push(SocketAddr::new(ip, port));
        }
        if addresses.is_empty() { Err(Error::HostNotFound) } else { Ok(addresses) }
    }
}

fn port_of(uri: &Uri) -> Option<u16> {
    uri.port_u16().or_else(|| match uri.scheme_str()? {
        "https" => Some(443),
        "http" => Some(80),
        _ => None,
    })
}

/// Parses a host that is an IP address, with or without brackets.
fn parse_ip_literal(host: &str) -> Option<IpAddr> {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.parse().ok()
}
