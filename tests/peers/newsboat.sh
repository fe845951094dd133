#!/usr/bin/env bash
# Makes files of newsboat for the tests of imports: a home folder with subscriptions, a configuration, and a cache that newsboat
# itself has filled from feeds on this computer.
#
# usage: newsboat.sh DIR PORT      prints the variable that the tests read; the feeds are served at PORT meanwhile
#        SUITE=sid newsboat.sh …   takes newsboat from another suite, in a chroot that mmdebstrap makes (needs root)
#
# Needs Python 3, and newsboat or apt with a mirror of Debian.
set -euo pipefail
dir=$(mkdir -p "$1" && cd "$1" && pwd)
port=$2
cd "$dir"
mkdir -p feeds home/.newsboat

skip() {
    echo "newsboat.sh: $1" >&2
    exit 69
}

if [ -n "${SUITE:-}" ]; then
    [ "$(id -u)" = 0 ] || skip "a chroot needs root"
    command -v mmdebstrap >/dev/null || skip "mmdebstrap is not installed"
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -1)
    if [ ! -x root/usr/bin/newsboat ]; then
        mmdebstrap --quiet --variant=essential --include=newsboat --aptopt='Acquire::Check-Valid-Until "false"' \
            "$SUITE" root "$mirror" >mmdebstrap.log 2>&1 ||
            skip "mmdebstrap has failed; see $dir/mmdebstrap.log"
    fi
    newsboat() {
        rm -rf root/root/.newsboat
        cp -r home/.newsboat root/root/.newsboat
        chroot root env HOME=/root LC_ALL=C.UTF-8 /usr/bin/newsboat "$@"
        cp -r root/root/.newsboat/. home/.newsboat/
    }
else
    command -v newsboat >/dev/null || skip "newsboat is not installed"
    newsboat() { HOME="$dir/home" LC_ALL=C.UTF-8 command newsboat "$@"; }
fi

python3 - "$port" <<'PYTHON'
import sys
site = f"http://127.0.0.1:{sys.argv[1]}"
items = [f"""<item><title>Bridge report {n}</title><link>{site}/a/{n}</link><guid isPermaLink="false">bridge-{n}</guid>
<pubDate>Mon, {n + 1:02} Mar 2026 10:00:00 +0000</pubDate><author>ann@example.org (Ann Lee)</author>
<description>&lt;p&gt;Number {n} about the bridge.&lt;/p&gt;</description>
<enclosure url="{site}/{n}.mp3" type="audio/mpeg" length="9"/></item>""" for n in range(12)]
rss = f"<rss version='2.0'><channel><title>Bridges</title><link>{site}/</link>{''.join(items)}</channel></rss>"
open("feeds/bridges.xml", "w").write(rss)
entries = [f"""<entry><id>tag:example.org,2026:{n}</id><title type="html">Ferry &amp;amp; tide {n}</title>
<link href="{site}/f/{n}"/><updated>2026-03-{n + 1:02}T08:00:00Z</updated><author><name>Bo</name></author>
<content type="html">&lt;p&gt;Ferry {n}.&lt;/p&gt;</content></entry>""" for n in range(5)]
atom = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Ferries</title><id>tag:example.org,2026:ferries</id>
<updated>2026-03-05T08:00:00Z</updated>{''.join(entries)}</feed>"""
open("feeds/ferries.xml", "w").write(atom)
PYTHON
python3 -m http.server "$port" --bind 127.0.0.1 --directory feeds >server.log 2>&1 &
server=$!
trap 'kill $server' EXIT
for _ in $(seq 100); do
    python3 -c "import socket; socket.create_connection(('127.0.0.1', $port))" 2>/dev/null && break
    sleep 0.1
done

cat >home/.newsboat/urls <<URLS
http://127.0.0.1:$port/bridges.xml works "~The bridges"
http://127.0.0.1:$port/ferries.xml boats !
"query:Unread bridges:unread = \"yes\" and tags # \"works\""
URLS
cat >home/.newsboat/config <<'CONFIG'
auto-reload yes
reload-time 45
bind-key ^N next-unread articlelist
color background default default
CONFIG
newsboat -x reload >reload.log 2>&1

# What a user does in newsboat: reads, flags, deletes and enqueues.
python3 - <<'PYTHON'
import sqlite3
db = sqlite3.connect("home/.newsboat/cache.db")
db.execute("UPDATE rss_item SET unread = 0 WHERE guid IN ('bridge-1', 'bridge-2', 'bridge-3')")
db.execute("UPDATE rss_item SET flags = 'is' WHERE guid = 'bridge-2'")
db.execute("UPDATE rss_item SET deleted = 1 WHERE guid = 'bridge-4'")
db.execute("UPDATE rss_item SET enqueued = 1 WHERE guid = 'bridge-5'")
db.commit()
count = db.execute("SELECT count(*) FROM rss_item").fetchone()[0]
assert count == 17, f"newsboat has stored {count} articles"
PYTHON
echo "http://127.0.0.1:$port/5.mp3 \"/tmp/5.mp3\"" >home/.newsboat/queue
echo "NEWSBOAT_STORE=$dir NEWSBOAT_PORT=$port"
