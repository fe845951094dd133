//! The archive on PostgreSQL, one connection for each reader. Start with [`PostgresArchive`].
//!
//! `find.rs` has the queries whose speed was measured; `assets/archive` has the tables and the reasons for them.

mod administer;
mod connection;
mod find;
mod marks;
mod months;
mod publish;
mod rows;
mod schema;
mod since;
mod sql_condition;
mod stored_body;
mod tls;

pub(super) use administer::administer;
use connection::failed;

use super::{
    Archive, ArchiveAddress, ArchiveCursor, ArchiveError, ArticleArrivals, ArticlePublication,
    FarPage, FarRequest, LeaseRequest, MarkChange, MarkExchange, PublicationOutcome,
};
use crate::model::StoredPassword;

/// The connection of one user to an archive.
pub(super) struct PostgresArchive {
    client: ::postgres::Client,
}

impl PostgresArchive {
    /// Connects to an archive, and checks that this program knows its schema.
    pub(super) fn connect(
        address: &ArchiveAddress,
        password: Option<&StoredPassword>,
    ) -> Result<PostgresArchive, ArchiveError> {
        let mut client = connection::connect(address, password)?;
        schema::check_version(&mut client, address)?;
        Ok(PostgresArchive { client })
    }
}

impl Archive for PostgresArchive {
    fn since(&mut self, cursor: ArchiveCursor) -> Result<ArticleArrivals, ArchiveError> {
        since::load_arrivals(&mut self.client, cursor).map_err(failed("read what is new"))
    }

    fn publish(
        &mut self,
        publication: &ArticlePublication,
    ) -> Result<PublicationOutcome, ArchiveError> {
        publish::publish(&mut self.client, publication).map_err(failed("store articles"))
    }

    fn states(
        &mut self,
        cursor: i64,
        changes: &[MarkChange],
    ) -> Result<MarkExchange, ArchiveError> {
        marks::exchange(&mut self.client, cursor, changes).map_err(failed("exchange marks"))
    }

    fn find(&mut self, request: &FarRequest) -> Result<FarPage, ArchiveError> {
        find::find(&mut self.client, request).map_err(failed("search"))
    }

    fn lease(&mut self, request: &LeaseRequest) -> Result<Vec<String>, ArchiveError> {
        publish::lease(&mut self.client, request).map_err(failed("share the work of fetching"))
    }
}
