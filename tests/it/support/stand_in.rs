//! An internet of the test's own: host names with addresses, and addresses with servers on 127.0.0.1.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use newsreader::net::{HttpClient, StandInNetwork};

use super::server::Server;

/// Host names and servers. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct TestInternet {
    names: Arc<Mutex<HashMap<String, Vec<IpAddr>>>>,
    servers: Arc<Mutex<HashMap<SocketAddr, u16>>>,
    connections: Arc<Mutex<Vec<SocketAddr>>>,
}

impl TestInternet {
    /// Gives a host name these addresses, in place of those that it had.
    pub fn name(&self, host: &str, addresses: &[&str]) {
        let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
        self.names.lock().unwrap().insert(host.to_owned(), addresses);
    }

    /// Puts a server at an address, such as `10.0.0.1:80`.
    pub fn serve(&self, address: &str, server: &Server) {
        self.servers.lock().unwrap().insert(address.parse().unwrap(), server.port());
    }

    /// Returns a client in this internet.
    pub fn client(&self) -> HttpClient {
        let network: Arc<dyn StandInNetwork> = Arc::new(self.clone());
        HttpClient::with_stand_in(&network)
    }

    /// Returns the addresses to which connections were made, each once and sorted.
    pub fn connections(&self) -> Vec<String> {
        let mut addresses: Vec<_> = self.connections.lock().unwrap().clone();
        addresses.sort();
        addresses.dedup();
        addresses.iter().map(ToString::to_string).collect()
    }
}

impl StandInNetwork for TestInternet {
    fn look_up(&self, host: &str) -> Vec<IpAddr> {
        self.names.lock().unwrap().get(host).cloned().unwrap_or_default()
    }

    fn server_at(&self, address: SocketAddr) -> SocketAddr {
        self.connections.lock().unwrap().push(address);
        // Nothing listens at port 1.
        let port = self.servers.lock().unwrap().get(&address).copied().unwrap_or(1);
        SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port)
    }
}
