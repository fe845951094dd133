#!/usr/bin/env bash
# Starts a Miniflux server with PostgreSQL from Debian's packages, for the tests of syncs. Nothing is installed: Miniflux
# is unpacked into DIR, and PostgreSQL has its data there.
#
# usage: miniflux.sh DIR PORT      prints the variables that the tests read; DIR/stop stops the server
#        SUITE=sid miniflux.sh …   takes Miniflux from another suite than trixie
#
# Needs PostgreSQL's programs, and apt with a mirror of Debian. Feeds on this computer may be subscribed to.
set -euo pipefail
dir=$(mkdir -p "$1" && cd "$1" && pwd)
port=$2
database_port=$((port + 1))
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1) || true
[ -n "$programs" ] || { echo "miniflux.sh: PostgreSQL is not installed" >&2; exit 69; }
cd "$dir"

download() {
    local mirror
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -1)
    mkdir -p apt/lists/partial apt/cache
    echo "deb $mirror ${SUITE:-trixie} main" >apt/sources.list
    local options=(-o "Dir::Etc::SourceList=$dir/apt/sources.list" -o Dir::Etc::SourceParts=-
        -o "Dir::State::Lists=$dir/apt/lists" -o "Dir::Cache=$dir/apt/cache" -o APT::Sandbox::User=root)
    apt-get -qq "${options[@]}" update
    apt-get -qq "${options[@]}" download miniflux
    dpkg-deb -x miniflux_*.deb .
}

# PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
    else
        "$@"
    fi
}

start_database() {
    if [ ! -d database ]; then
        install -d -m700 database
        [ "$(id -u)" != 0 ] || chown postgres: database
        as_postgres "$programs/initdb" -D "$dir/database" -A trust -U postgres -E UTF8 --locale=C.UTF-8 >initdb.log
        printf "port=%s\nlisten_addresses='127.0.0.1'\nunix_socket_directories=''\nfsync=off\n" \
            "$database_port" >>database/postgresql.conf
    fi
    as_postgres "$programs/pg_ctl" -D "$dir/database" -l "$dir/database/server.log" -w start >/dev/null
    sql postgres -c "SELECT 1 FROM pg_database WHERE datname = 'miniflux'" | grep -q 1 ||
        sql postgres -c "CREATE DATABASE miniflux"
}

sql() {
    psql -h 127.0.0.1 -p "$database_port" -U postgres -qAt -v ON_ERROR_STOP=1 -d "$@"
}

start_server() {
    env DATABASE_URL="postgres://postgres@127.0.0.1:$database_port/miniflux?sslmode=disable" RUN_MIGRATIONS=1 \
        CREATE_ADMIN=1 ADMIN_USERNAME=admin ADMIN_PASSWORD=adminpass123 \
        LISTEN_ADDR="127.0.0.1:$port" BASE_URL="http://127.0.0.1:$port/" \
        FETCHER_ALLOW_PRIVATE_NETWORKS=1 DISABLE_SCHEDULER_SERVICE=1 \
        nohup usr/bin/miniflux >miniflux.log 2>&1 &
    echo $! >miniflux.pid
    for _ in $(seq 100); do
        curl -fs "http://127.0.0.1:$port/healthcheck" >/dev/null && return
        sleep 0.1
    done
    echo "miniflux.sh: Miniflux does not answer; see $dir/miniflux.log" >&2
    exit 1
}

[ -x usr/bin/miniflux ] || download
start_database
start_server
sql miniflux -c "CREATE EXTENSION IF NOT EXISTS pgcrypto" -c "UPDATE integrations SET googlereader_enabled = true,
    googlereader_username = 'ann', googlereader_password = crypt('S3CRET', gen_salt('bf')),
    fever_enabled = true, fever_username = 'fv', fever_token = md5('fv:fvpass')
    WHERE user_id = (SELECT id FROM users WHERE username = 'admin')"
cat >stop <<STOP
#!/usr/bin/env bash
kill \$(cat "$dir/miniflux.pid")
$(declare -f as_postgres)
as_postgres "$programs/pg_ctl" -D "$dir/database" -m immediate stop
STOP
chmod +x stop
echo "MINIFLUX_URL=http://127.0.0.1:$port MINIFLUX_ADMIN=admin:adminpass123"
