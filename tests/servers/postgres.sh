#!/usr/bin/env bash
# Starts PostgreSQL on 127.0.0.1 with an empty database, for the tests of the shared archive. Nothing is installed, and the
# data are in DIR.
#
# usage: postgres.sh DIR PORT      prints the variables that the tests read; DIR/stop stops the server
#
# The roles `owner`, `ann` and `bob` have the password `secret`; `postgres` is the superuser. Connections must be encrypted
# unless they come with sslmode=disable: the certificate is for localhost, and DIR/authority.pem vouches for it.
set -euo pipefail
dir=$(mkdir -p "$1" && cd "$1" && pwd)
port=$2
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1) || true
[ -n "$programs" ] || { echo "postgres.sh: PostgreSQL is not installed" >&2; exit 69; }
cd "$dir"

# PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
    else
        "$@"
    fi
}

make_certificate() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=Test authority" \
        -keyout authority.key -out authority.pem
    openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout database/server.key -out server.csr
    printf 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n' >server.ext
    openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 3650 \
        -extfile server.ext -out database/server.crt
    chmod 600 database/server.key
} >certificate.log 2>&1

if [ ! -d database ]; then
    install -d -m700 database
    [ "$(id -u)" != 0 ] || chown postgres: database
    as_postgres "$programs/initdb" -D "$dir/database" -A trust -U postgres -E UTF8 --locale=C.UTF-8 >initdb.log
    make_certificate
    [ "$(id -u)" != 0 ] || chown postgres: database/server.key database/server.crt
    printf "%s\n" "port=$port" "listen_addresses='127.0.0.1,::1'" "unix_socket_directories=''" fsync=off ssl=on \
        ${POSTGRES_OPTIONS:-} >>database/postgresql.conf
    printf "host all postgres samehost trust\nhost all all samehost scram-sha-256\n" >database/pg_hba.conf
fi
as_postgres "$programs/pg_ctl" -D "$dir/database" status >/dev/null ||
    as_postgres "$programs/pg_ctl" -D "$dir/database" -l "$dir/database/server.log" -w start >/dev/null
sql() {
    "$programs/psql" -h 127.0.0.1 -p "$port" -U postgres -qAt -v ON_ERROR_STOP=1 -d "$@"
}
if [ -z "$(sql postgres -c "SELECT 1 FROM pg_database WHERE datname = 'news'")" ]; then
    sql postgres -c "CREATE ROLE owner LOGIN CREATEROLE CREATEDB PASSWORD 'secret'" \
        -c "CREATE ROLE ann LOGIN PASSWORD 'secret'" -c "CREATE ROLE bob LOGIN PASSWORD 'secret'" \
        -c "CREATE DATABASE news OWNER owner"
fi
cat >stop <<STOP
#!/usr/bin/env bash
$(declare -f as_postgres)
as_postgres "$programs/pg_ctl" -D "$dir/database" -m immediate stop
STOP
chmod +x stop
echo "ARCHIVE_PORT=$port ARCHIVE_AUTHORITY=$dir/authority.pem"
