#!/usr/bin/env bash
# Starts a coldsweat server from PyPI, which speaks the Fever API, for the tests of syncs. It is installed into DIR, where its
# data is as well.
#
# usage: coldsweat.sh DIR PORT     prints the variables that the tests read; DIR/stop stops the server
#
# Needs Python 3 with pip and venv. Feeds on this computer may be subscribed to.
set -euo pipefail
dir=$(mkdir -p "$1" && cd "$1" && pwd)
port=$2
cd "$dir"

if [ ! -x python/bin/coldsweat ]; then
    { python3 -m venv python && python/bin/pip install --quiet coldsweat==0.10.2; } >install.log 2>&1 ||
        { echo "coldsweat.sh: coldsweat cannot be installed; see $dir/install.log" >&2; exit 69; }
fi
export FLASK_DATABASE_URL="sqlite:///$dir/coldsweat.db" FLASK_SECRET_KEY=test
[ -f coldsweat.db ] || python/bin/coldsweat setup ann@example.org -p S3CRET-S3CRET >setup.log 2>&1
nohup python/bin/coldsweat run --port "$port" >coldsweat.log 2>&1 &
echo $! >coldsweat.pid
for _ in $(seq 100); do
    curl -s -o answer.html "http://127.0.0.1:$port/" && break
    sleep 0.1
done
[ -f answer.html ] || { echo "coldsweat.sh: coldsweat does not answer; see $dir/coldsweat.log" >&2; exit 1; }
cat >stop <<STOP
#!/usr/bin/env bash
kill \$(cat "$dir/coldsweat.pid")
STOP
cat >import <<IMPORT
#!/usr/bin/env bash
export FLASK_DATABASE_URL=$FLASK_DATABASE_URL FLASK_SECRET_KEY=test
exec "$dir/python/bin/coldsweat" import "\$1" ann@example.org -f
IMPORT
chmod +x stop import
echo "COLDSWEAT_URL=http://127.0.0.1:$port COLDSWEAT_IMPORT=$dir/import"
