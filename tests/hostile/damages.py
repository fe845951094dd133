#!/usr/bin/env python3
"""Damages copies of a library in every way, and checks that no answer is short or wrong without a word.

    cargo build --release
    tests/hostile/damages.py target/release/newsreader [--each N] [--seed N] [--keep DIR] [SORT …]

A library of some hundreds of articles is built, with its index, a second library whose index files are exchanged with
its own, and one whose last changes are in the write-ahead log. Each damage is done to a fresh copy. Then lists,
searches, articles, feeds and the export are compared with those of the undamaged library. An answer is right (`whole`);
or the command fails and says why (`said`); or the one damaged value is shown as it is, because a letter that became
another is still a text (`altered`); or, with a damaged log, SQLite goes back to the state before a change (`earlier`).
Anything else is a finding, as are a panic, a wait of ten seconds, and a sound report of `doctor` where another command
fails. Prints a table; the exit status is 1 if there is a finding. All libraries are temporary, and no network is used.
"""
import argparse
import collections
import json
import os
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile

LIMIT_SECONDS = 10
NAMED_FINDINGS = 3
NOBODY = 65534
WORDS = ("amber basil cedar delta ebony fjord grape hazel indigo jade kelp lemon mango nutmeg ocean pearl quartz "
         "raven sable topaz umber violet willow xenon yarrow zinc").split()
COMMANDS = {
    "list": ["list"],
    "all": ["search", "--json"],
    "word": ["search", "--json", "zeppelin"],
    "phrase": ["search", "--json", '"grape hazel"'],
    "read marks": ["search", "--json", "is:read"],
    "folder": ["search", "--json", "folder:science"],
    "regex": ["search", "--json", "title:item", "re:0[0-9]+7"],
    "relevance": ["search", "--json", "--sort", "relevance", "kelp"],
    "histogram": ["search", "--count", "--histogram", "month", "zeppelin"],
    "feeds": ["feed", "list", "--json"],
    "export": ["feed", "export"],
    "doctor": ["doctor"],
    "verify": ["index", "verify"],
}


class Answer(collections.namedtuple("Answer", "code out err")):
    """What a command printed, and its exit status; None after the time limit."""


class Library:
    """A folder with a library, and the program that opens it."""

    def __init__(self, program, folder, user=None):
        self.program, self.folder, self.user = program, folder, user
        self.home = os.path.dirname(folder)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def run(self, *arguments):
        command = [self.program, "--library", self.folder, *arguments]
        environment = {"HOME": self.home, "TERM": "xterm", "TZ": "UTC", "PATH": os.environ["PATH"]}
        identity = {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        try:
            done = subprocess.run(command, env=environment, capture_output=True, stdin=subprocess.DEVNULL,
                                  timeout=LIMIT_SECONDS, check=False, **identity)
        except subprocess.TimeoutExpired:
            return Answer(None, "", "")
        texts = (part.decode("utf-8", "replace").replace(self.folder, "LIBRARY") for part in (done.stdout, done.stderr))
        return Answer(done.returncode, *texts)

    def must(self, *arguments):
        answer = self.run(*arguments)
        if answer.code != 0:
            sys.exit(f"cannot build the library: {arguments}: {answer}")
        return answer.out

    def copy(self, folder, user=None):
        shutil.copytree(self.folder, folder, symlinks=True)
        return Library(self.program, folder, user)

    def answers(self, numbers):
        answers = {name: self.run(*arguments) for name, arguments in COMMANDS.items()}
        for number in numbers:
            answers[f"read {number}"] = self.run("read", str(number))
        return answers


def sentence(chance, count):
    return " ".join(chance.choice(WORDS) for _ in range(count))


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def write_files(folder, chance, numbers):
    for number in numbers:
        text = "\n\n".join(sentence(chance, chance.randrange(5, 60)) + "." for _ in range(chance.choice([1, 2, 5, 60])))
        day = f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}"
        if number % 10 == 0:
            paragraphs = "".join(f"<p>{sentence(chance, 40)}.</p>" for _ in range(6))
            write(os.path.join(folder, f"{number:04}.html"),
                  f"<html><head><title>Item {number:04}</title><meta property='article:published_time' content='{day}'>"
                  f"</head><body><nav>Menu</nav><article><h1>Item {number:04}</h1>{paragraphs}<p>A zeppelin.</p>"
                  f"</article><footer>Footer</footer></body></html>")
        else:
            write(os.path.join(folder, f"{number:04}.txt"), f"date {day} Item {number:04}\n\nA zeppelin.\n\n{text}\n")


def write_feed(path, name, chance, edited):
    items = "".join(
        f"<item><guid isPermaLink='false'>{name}-{n}</guid><title>Item {n:04} of {name}</title>"
        f"<author>{WORDS[n % 26]}</author><link>https://example.org/{name}/{n}</link>"
        f"<category>{WORDS[n % 7]}</category><pubDate>{n % 28 + 1:02} May 2025 10:00:00 GMT</pubDate>"
        f"<description>&lt;p&gt;A zeppelin of {name}, "
        f"{'edited ' * (edited and n < 10)}{sentence(chance, 30)}&lt;/p&gt;</description></item>" for n in range(60))
    write(path, f"<rss version='2.0'><channel><title>{name}</title><link>https://example.org/{name}</link>{items}"
                "</channel></rss>")


def build(program, home, seed):
    """Builds a library: folders and feeds, full texts, older versions, read marks, a segment, unindexed articles."""
    library, archive = Library(program, os.path.join(home, "library")), os.path.join(home, "archive")
    write_files(archive, random.Random(seed), range(250))
    names = [("stars", "science", "false"), ("boats", "travel / sea", "true"), ("trains", "travel", "false")]
    for edited in (False, True):
        for name, folder, muted in names:
            write_feed(os.path.join(home, f"{name}.xml"), name, random.Random(f"{seed} {name}"), edited)
            if not edited:
                options = ["--folder", folder, "--tags", f"{name},sky", "--muted", muted]
                library.must("feed", "add", os.path.join(home, f"{name}.xml"), *options)
        library.must("refresh")
    library.must("add", archive)
    library.must("index", "rebuild")
    write_files(archive, random.Random(seed + 1), range(250, 290))
    library.must("refresh")
    return library


def add_log(library, home, seed):
    """Makes changes that stay in the write-ahead log, because another connection is open."""
    database = sqlite3.connect(library.path("library.db"))
    database.execute("SELECT count(*) FROM feeds").fetchall()
    for step in range(4):
        start = 300 + 20 * step
        write_files(os.path.join(home, "archive"), random.Random(seed + step), range(start, start + 20))
        library.must("refresh")
    saved = os.path.join(home, "with-log")
    os.makedirs(saved)
    for name in ("library.db", "library.db-wal"):
        shutil.copy(library.path(name), os.path.join(saved, name))
    shutil.copytree(library.path("index"), os.path.join(saved, "index"))
    database.close()
    return Library(library.program, saved)


def read(path):
    with open(path, "rb") as file:
        return bytearray(file.read())


def replace(path, content):
    with open(path, "wb") as file:
        file.write(content)


class Damages:
    """The sorts of damage. Each method damages a copy, and returns what it did."""

    def __init__(self, chance, other):
        self.chance, self.other = chance, other

    def pick_page(self, data, first=1):
        size = struct.unpack(">H", data[16:18])[0]
        page = self.chance.randrange(first, len(data) // size + 1)
        return page, (page - 1) * size, size

    def library_cut(self, library):
        data = read(library.path("library.db"))
        length = self.chance.randrange(len(data))
        replace(library.path("library.db"), data[:length])
        return f"cut to {length} bytes"

    def library_bit(self, library):
        data = read(library.path("library.db"))
        page, start, size = self.pick_page(data)
        at, bit = self.chance.randrange(size), self.chance.randrange(8)
        data[start + at] ^= 1 << bit
        replace(library.path("library.db"), data)
        return f"bit {bit} of byte {at} of page {page}"

    def library_zeroed(self, library):
        data = read(library.path("library.db"))
        page, start, size = self.pick_page(data)
        data[start:start + size] = bytes(size)
        replace(library.path("library.db"), data)
        return f"page {page} is zero"

    def library_swapped(self, library):
        data = read(library.path("library.db"))
        (one, a, size), (two, b, _) = self.pick_page(data), self.pick_page(data)
        data[a:a + size], data[b:b + size] = data[b:b + size], data[a:a + size]
        replace(library.path("library.db"), data)
        return f"pages {one} and {two} are exchanged"

    def library_text(self, library):
        database = sqlite3.connect(library.path("library.db"), isolation_level=None)
        database.text_factory = bytes
        table, columns = self.chance.choice([
            ("entries", ["title", "link", "author", "tags", "guid", "link_key"]), ("bodies", ["text", "format"]),
            ("feeds", ["title", "url", "site", "folder", "tags", "fetch", "kind", "etag", "name"]),
            ("originals", ["html", "url"]), ("versions", ["title", "text"]), ("journal", ["change"]),
            ("kept", ["value"])])
        column = self.chance.choice(columns)
        rows = database.execute(f"SELECT rowid, {column} FROM {table} WHERE length({column}) > 0").fetchall()
        if not rows:
            return None
        rowid, value = self.chance.choice(rows)
        value = bytearray(value)
        value[self.chance.randrange(len(value))] = 0xFF
        new = "?" if database.execute(f"SELECT typeof({column}) FROM {table} WHERE rowid = ?", [rowid]).fetchone()[0] \
            == b"blob" else "CAST(? AS TEXT)"
        database.execute("PRAGMA recursive_triggers = off")
        for trigger, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            if table in ("bodies", "originals"):
                database.execute(f"DROP TRIGGER {trigger.decode()}")
        database.execute(f"UPDATE {table} SET {column} = {new} WHERE rowid = ?", [bytes(value), rowid])
        database.close()
        return f"{table}.{column} of row {rowid} is not UTF-8"

    def log_bit(self, library):
        data = read(library.path("library.db-wal"))
        at = self.chance.randrange(len(data))
        data[at] ^= 1 << self.chance.randrange(8)
        replace(library.path("library.db-wal"), data)
        return f"a bit of byte {at} of the log"

    def log_cut(self, library):
        data = read(library.path("library.db-wal"))
        length = self.chance.randrange(len(data))
        replace(library.path("library.db-wal"), data[:length])
        return f"the log is cut to {length} bytes"

    def log_zeroed(self, library):
        data = read(library.path("library.db-wal"))
        at = self.chance.randrange(len(data))
        length = min(self.chance.randrange(1, 20_000), len(data) - at)
        data[at:at + length] = bytes(length)
        replace(library.path("library.db-wal"), data)
        return f"{length} bytes at {at} of the log are zero"

    def log_replaced(self, library):
        return self.replace_file(library.path("library.db-wal"))

    def pick_index_file(self, library, count=1):
        files = sorted(os.path.relpath(os.path.join(folder, name), library.folder)
                       for folder, _, names in os.walk(library.path("index")) for name in names if name != "lock")
        return self.chance.sample(files, count)

    def index_bit(self, library):
        name, = self.pick_index_file(library)
        data = read(library.path(name))
        at = self.chance.randrange(len(data))
        data[at] ^= 1 << self.chance.randrange(8)
        replace(library.path(name), data)
        return f"a bit of byte {at} of {name}"

    def index_cut(self, library):
        name, = self.pick_index_file(library)
        data = read(library.path(name))
        length = self.chance.randrange(len(data))
        replace(library.path(name), data[:length])
        return f"{name} is cut to {length} bytes"

    def index_removed(self, library):
        name, = self.pick_index_file(library)
        where = self.chance.choice([name, name, name, os.path.dirname(name), "index"])
        path = library.path(where)
        (os.remove if os.path.isfile(path) else shutil.rmtree)(path)
        return f"{where} is removed"

    def index_exchanged(self, library):
        one, two = self.pick_index_file(library, 2)
        a, b = read(library.path(one)), read(library.path(two))
        replace(library.path(one), b)
        replace(library.path(two), a)
        return f"{one} and {two} are exchanged"

    def index_foreign(self, library):
        name, = self.pick_index_file(library)
        where = self.chance.choice([name, name, os.path.dirname(name), "index"])
        if where == name:
            shutil.copy(self.other.path(name), library.path(name))
        else:
            shutil.rmtree(library.path(where))
            shutil.copytree(self.other.path(where), library.path(where))
        return f"{where} is that of another library"

    def index_replaced(self, library):
        name, = self.pick_index_file(library)
        return self.replace_file(library.path(self.chance.choice([name, name, os.path.dirname(name), "index"])))

    def library_replaced(self, library):
        return self.replace_file(library.path("library.db"))

    def replace_file(self, path):
        (os.remove if os.path.isfile(path) else shutil.rmtree)(path)
        thing = self.chance.choice(["an empty file", "a folder", "a link that leads nowhere", "a pipe"])
        if thing == "an empty file":
            replace(path, b"")
        elif thing == "a folder":
            os.mkdir(path)
        elif thing == "a pipe":
            os.mkfifo(path)
        else:
            os.symlink(path + "-nowhere", path)
        return f"{os.path.basename(path)} is {thing}"

    def library_unreadable(self, library):
        name = self.chance.choice(["library.db", "library.db", "", "index"])
        os.chmod(library.path(name), 0)
        return f"{name or 'the folder'} cannot be read"

    def library_readonly(self, library):
        for name in ("index", "library.db", "library.db-wal"):
            if os.path.exists(library.path(name)):
                os.chmod(library.path(name), 0o555 if name == "index" else 0o444)
        mode = self.chance.choice([0o555, 0o755])
        os.chmod(library.folder, mode)
        return f"read-only, the folder {mode:o}"


SORTS = {"library cut": "library_cut", "library bit": "library_bit", "library zeroed": "library_zeroed",
         "library swapped": "library_swapped", "library text": "library_text", "library replaced": "library_replaced",
         "library unreadable": "library_unreadable", "library read-only": "library_readonly", "log bit": "log_bit",
         "log cut": "log_cut", "log zeroed": "log_zeroed", "log replaced": "log_replaced", "log read-only":
         "library_readonly", "index bit": "index_bit", "index cut": "index_cut", "index removed": "index_removed",
         "index exchanged": "index_exchanged", "index foreign": "index_foreign", "index replaced": "index_replaced"}


def rows(text):
    """Splits an answer into rows that can be compared: articles, feeds or lines."""
    try:
        parsed = json.loads(text)
    except ValueError:
        return collections.Counter(text.splitlines())
    parsed = parsed["articles"] if isinstance(parsed, dict) else parsed
    return collections.Counter(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in parsed)


def judge(name, sort, references, answer):
    """Returns `whole`, `said`, `altered`, `earlier`, or a sentence about a finding."""
    if answer.code is None:
        return f"no answer within {LIMIT_SECONDS} s"
    if answer.code < 0 or answer.code == 101 or "panicked" in answer.err:
        return f"died: exit {answer.code}: {answer.err[-300:]}"
    is_same = [(answer.code, answer.out) == (reference.code, reference.out) for reference in references]
    if any(is_same):
        return "whole" if is_same[0] else "earlier"
    if answer.code != 0:
        is_said = bool(answer.err.strip()) or (name == "doctor" and "\n! " in "\n" + answer.out)
        return "said" if is_said else f"exit {answer.code} without a word"
    missing, added = rows(references[0].out) - rows(answer.out), rows(answer.out) - rows(references[0].out)
    # A histogram counts an article twice: in the number of all, and in that of its month.
    lines = 2 if name == "histogram" else 1
    is_one = name.startswith("read ") or max(missing.total(), added.total()) <= lines
    # A damaged name of a feed is shown in each of its rows.
    is_shown = missing.total() == added.total() and all("\ufffd" in row for row in added)
    if sort == "library bit" and is_one or sort == "library text" and (is_one or is_shown):
        return "altered"
    example = [row[:150] for row in [*missing, *added][:2]]
    return f"exit 0, {missing.total()} rows missing and {added.total()} others: {example}; stderr: {answer.err[:200]!r}"


def log_states(library, home, numbers):
    """Returns the answers for the undamaged log, then those for the log up to each earlier change."""
    log, states = read(library.path("library.db-wal")), [library.copy(os.path.join(home, "state")).answers(numbers)]
    page_size = struct.unpack(">I", log[8:12])[0]
    ends = [at + 24 + page_size for at in range(32, len(log) - 24, 24 + page_size)
            if struct.unpack(">I", log[at + 4:at + 8])[0] > 0]
    for number, end in enumerate([32, *ends[:-1]]):
        copy = library.copy(os.path.join(home, f"state{number}"))
        replace(copy.path("library.db-wal"), log[:end])
        states.append(copy.answers(numbers))
    return states


def open_to_all(folder, user):
    os.chown(folder, user, user)
    for at, folders, names in os.walk(folder):
        for name in folders + names:
            os.chown(os.path.join(at, name), user, user)


class Run:
    """The libraries, and the results of the damages."""

    def __init__(self, program, home, arguments):
        self.home, self.arguments = home, arguments
        for name in ("one", "two"):
            os.mkdir(os.path.join(home, name))
        self.library = build(program, os.path.join(home, "one"), arguments.seed)
        self.other = build(program, os.path.join(home, "two"), arguments.seed + 100)
        articles = json.loads(self.library.must("search", "--json"))["articles"]
        self.numbers = sorted(article["id"] for article in articles)
        copy = self.library.copy(os.path.join(home, "reference"))
        self.references = [copy.answers(self.numbers)]
        source = self.library.copy(os.path.join(home, "logged"))
        self.logged = add_log(source, os.path.join(home, "one"), arguments.seed + 7)
        self.logged_references = None

    def damage(self, sort, number):
        """Damages one copy; returns the verdicts on all commands."""
        chance = random.Random(f"{sort} {number} {self.arguments.seed}")
        is_logged = sort.startswith("log ")
        if is_logged and self.logged_references is None:
            self.logged_references = log_states(self.logged, self.home, self.numbers)
        references = self.logged_references if is_logged else self.references
        folder = os.path.join(self.home, "copy", "library")
        needs_user = sort.endswith(("unreadable", "read-only")) and os.geteuid() == 0
        copy = (self.logged if is_logged else self.library).copy(folder, NOBODY if needs_user else None)
        try:
            if needs_user:
                open_to_all(os.path.dirname(folder), NOBODY)
            what = getattr(Damages(chance, self.other), SORTS[sort])(copy)
            if what is None:
                return None, {}
            if self.arguments.keep:
                kept = os.path.join(self.arguments.keep, f"{sort} {number}".replace(" ", "-"))
                shutil.copytree(folder, kept, symlinks=True, ignore_dangling_symlinks=True, dirs_exist_ok=True)
            answers = copy.answers(chance.sample(self.numbers, 5))
        finally:
            for at, folders, _ in os.walk(os.path.dirname(folder)):
                for name in folders:
                    os.chmod(os.path.join(at, name), 0o755)
            shutil.rmtree(os.path.dirname(folder))
        verdicts = {name: judge(name, sort, [states[name] for states in references], answer)
                    for name, answer in answers.items()}
        failed = [name for name, verdict in verdicts.items() if verdict == "said" and name != "doctor"]
        if failed and verdicts["doctor"] in ("whole", "earlier"):
            verdicts["doctor"] = f"all is well, although {failed} failed: {answers[failed[0]].err[:300]}"
        return what, verdicts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the program, for example target/release/newsreader")
    parser.add_argument("sorts", nargs="*", metavar="SORT", help=f"some of: {', '.join(SORTS)}")
    parser.add_argument("--each", type=int, default=100, metavar="N", help="damages of each sort [default: 100]")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another number, other damages")
    parser.add_argument("--keep", metavar="DIR", help="folder for all damaged libraries")
    arguments = parser.parse_intermixed_args()
    if unknown := [sort for sort in arguments.sorts if sort not in SORTS]:
        parser.error(f"unknown sort: {', '.join(unknown)}")
    table, verdict_names = [], ("whole", "said", "altered", "earlier")
    with tempfile.TemporaryDirectory() as home:
        os.chmod(home, 0o755)
        program = shutil.copy(arguments.program, os.path.join(home, "newsreader"))
        run = Run(program, home, arguments)
        for sort in arguments.sorts or SORTS:
            counts, named = collections.Counter(), collections.Counter()
            for number in range(arguments.each):
                what, verdicts = run.damage(sort, number)
                counts["damages"] += what is not None
                for name, verdict in verdicts.items():
                    counts[verdict if verdict in verdict_names else "findings"] += 1
                    if verdict not in verdict_names:
                        named[name] += 1
                        if named[name] <= NAMED_FINDINGS:
                            print(f"{sort} {number}: {what}: {name}: {verdict}", flush=True)
            table.append((sort, counts))
    columns = ("damages", *verdict_names, "findings")
    print("\n" + f"{'sort':20}" + "".join(f"{column:>9}" for column in columns))
    for sort, counts in table:
        print(f"{sort:20}" + "".join(f"{counts[column]:9}" for column in columns))
    sys.exit(1 if any(counts["findings"] for _, counts in table) else 0)


if __name__ == "__main__":
    main()
