#!/usr/bin/env bash
# Starts PostgreSQL on 127.0.0.1 with an empty database, for the tests of the shared archive. Nothing is installed, and the
# data are in DIR.
#
# usage: postgres.sh DIR PORT      prints the variables that the tests read; DIR/stop stops the server
#        SUITE=sid postgres.sh …   takes PostgreSQL from this suite of Debian, with all that it needs, into DIR/root; as root
#
# The roles `owner`, `ann` and `bob` have the password `secret`; `postgres` is the superuser. Connections must be encrypted
# unless they come with sslmode=disable: the certificate is for localhost, and DIR/authority.pem vouches for it.
set -euo pipefail
dir=$(mkdir -p "$1" && cd "$1" && pwd)
port=$2
cd "$dir"

# The root of the file system that the server sees; empty for that of this computer.
root=${SUITE:+$dir/root}
# The folder of the data, as the server sees it.
data=${SUITE:+/database}
data=${data:-$dir/database}

# Downloads the packages as if nothing were installed, and unpacks them.
unpack_suite() {
    local mirror package
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -1)
    mkdir -p apt/lists/partial apt/cache/archives/partial "$root"/{dev/shm,etc,tmp} "$root"/usr/{bin,sbin,lib,lib64}
    echo "deb $mirror $SUITE main" >apt/sources.list
    : >apt/status
    local options=(-o "Dir::Etc::SourceList=$dir/apt/sources.list" -o Dir::Etc::SourceParts=-
        -o "Dir::State::Lists=$dir/apt/lists" -o "Dir::State::status=$dir/apt/status"
        -o "Dir::Cache=$dir/apt/cache" -o APT::Sandbox::User=root)
    apt-get -qq "${options[@]}" update
    apt-get -qq -y "${options[@]}" --no-install-recommends --download-only install postgresql dash
    for folder in bin sbin lib lib64; do ln -sfn "usr/$folder" "$root/$folder"; done
    for package in apt/cache/archives/*.deb; do dpkg-deb -x "$package" "$root"; done
    getent passwd root postgres >"$root/etc/passwd"
    getent group root postgres >"$root/etc/group"
    [ -e "$root/dev/null" ] || mknod -m666 "$root/dev/null" c 1 3
    chmod 1777 "$root/tmp" "$root/dev/shm"
}

find_programs() {
    ls -d "$root"/usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1
}

programs=$(find_programs) || true
if [ -z "$programs" ] && [ -n "$root" ]; then
    unpack_suite >&2
    programs=$(find_programs)
fi
[ -n "$programs" ] || { echo "postgres.sh: PostgreSQL is not installed" >&2; exit 69; }
programs=${programs#"$root"}

# PostgreSQL refuses to run as root.
as_postgres() {
    if [ -n "$root" ]; then
        chroot --userspec="$(id -u postgres):$(id -g postgres)" --groups= "$root" "$@"
    elif [ "$(id -u)" = 0 ]; then
        setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
    else
        "$@"
    fi
}

make_certificate() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=Test authority" \
        -keyout authority.key -out authority.pem
    openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout "$root$data/server.key" -out server.csr
    printf 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n' >server.ext
    openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 3650 \
        -extfile server.ext -out "$root$data/server.crt"
    chmod 600 "$root$data/server.key"
} >certificate.log 2>&1

if [ ! -d "$root$data" ]; then
    install -d -m700 "$root$data"
    [ "$(id -u)" != 0 ] || chown postgres: "$root$data"
    as_postgres "$programs/initdb" -D "$data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 >initdb.log
    make_certificate
    [ "$(id -u)" != 0 ] || chown postgres: "$root$data"/server.{key,crt}
    printf "%s\n" "port=$port" "listen_addresses='127.0.0.1,::1'" "unix_socket_directories=''" fsync=off ssl=on \
        ${POSTGRES_OPTIONS:-} >>"$root$data/postgresql.conf"
    printf "host all postgres samehost trust\nhost all all samehost scram-sha-256\n" >"$root$data/pg_hba.conf"
fi
as_postgres "$programs/pg_ctl" -D "$data" status >/dev/null ||
    as_postgres "$programs/pg_ctl" -D "$data" -l "$data/server.log" -w start >/dev/null
sql() {
    as_postgres "$programs/psql" -h 127.0.0.1 -p "$port" -U postgres -qAt -v ON_ERROR_STOP=1 -d "$@"
}
if [ -z "$(sql postgres -c "SELECT 1 FROM pg_database WHERE datname = 'news'")" ]; then
    sql postgres -c "CREATE ROLE owner LOGIN CREATEROLE CREATEDB PASSWORD 'secret'" \
        -c "CREATE ROLE ann LOGIN PASSWORD 'secret'" -c "CREATE ROLE bob LOGIN PASSWORD 'secret'" \
        -c "CREATE DATABASE news OWNER owner"
fi
cat >stop <<STOP
#!/usr/bin/env bash
root=$root
$(declare -f as_postgres)
as_postgres "$programs/pg_ctl" -D "$data" -m immediate stop
STOP
chmod +x stop
echo "ARCHIVE_PORT=$port ARCHIVE_AUTHORITY=$dir/authority.pem"
