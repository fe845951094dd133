//! The partitions of articles, one for each month.

use postgres::GenericClient;

/// Number of months whose partitions are made ahead by the owner.
const MONTHS_AHEAD: i32 = 12;

/// Makes the partitions of this month and those ahead.
pub(super) fn make_months_ahead(client: &mut impl GenericClient) -> Result<(), postgres::Error> {
    let sql = "SELECT newsreader.ensure_month(now() + make_interval(months => n))
               FROM generate_series(0, $1) AS n";
    client.execute(sql, &[&MONTHS_AHEAD]).map(drop)
}

/// Makes the partitions of the months in which articles were published, in seconds since 1970. The dates are those by
/// which articles are sorted.
pub(super) fn make_months(
    client: &mut impl GenericClient,
    dates: &[i64],
) -> Result<(), postgres::Error> {
    let sql = "SELECT newsreader.ensure_month(day) FROM (
                   SELECT DISTINCT date_trunc('month', least(to_timestamp(at::float8), now() + interval '13 months'), 'UTC')
                   FROM unnest($1::bigint[]) AS at) AS days (day) ORDER BY day";
    client.execute(sql, &[&dates]).map(drop)
}
