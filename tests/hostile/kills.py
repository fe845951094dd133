#!/usr/bin/env python3
"""Kills the program at random moments, and checks that nothing is lost, doubled or half done.

    cargo build --release
    tests/hostile/kills.py target/release/newsreader [--kills N] [--seed N] [--keep DIR] [KIND …]

Kinds: `refresh` fetches forty feeds from a server within this script, `add` subscribes to a folder of thousands of
files, `rebuild` and `merge` write the search index, `import` reads a subscription list, `first` is the first start, and
`reader` stars, marks and undoes by keys in a pseudo-terminal. Only processes that were still running count as kills.
After each kill the library must be sound by itself, and whole once the command has been repeated. What the reader had
shown must be stored. Prints a table of kills and findings; the exit status is 1 if there is a finding. `--keep` copies
the library of each finding into a folder. All libraries are temporary, and no network but 127.0.0.1 is used.
"""
import argparse
import codecs
import fcntl
import http.server
import json
import os
import pty
import random
import re
import select
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

LIMIT_SECONDS = 20
FEEDS, ITEMS_PER_ROUND, ROUNDS_PER_LIBRARY = 40, 2, 8
FILES, REBUILT_FILES, FILES_PER_SEGMENT, SEGMENTS = 3000, 4000, 520, 8
# Up to 99 columns, the list has the screen to itself, and a headline one row.
ROWS, COLUMNS = 24, 90
# A star or read mark is drawn at once and stored meanwhile; a notice, such as that of an undo, comes afterwards.
STORED_SECONDS = 0.1
WORDS = ("amber basil cedar delta ebony fjord grape hazel indigo jade kelp lemon mango nutmeg ocean pearl quartz "
         "raven sable topaz umber violet willow xenon yarrow zinc").split()


class Finding(Exception):
    """Something that a kill must not cause."""


def require(condition, sentence):
    if not condition:
        raise Finding(sentence)


class Program:
    """The program with a library and a home folder in a temporary folder."""

    def __init__(self, path, folder):
        self.path, self.folder = path, folder
        self.library = os.path.join(folder, "library")
        self.environment = {"HOME": folder, "TERM": "xterm-256color", "TZ": "UTC", "PATH": os.environ["PATH"]}

    def command(self, *arguments):
        return [self.path, "--library", self.library, *arguments]

    def run(self, *arguments, may_fail=False):
        done = subprocess.run(self.command(*arguments), env=self.environment, capture_output=True, text=True,
                              errors="replace", timeout=LIMIT_SECONDS, check=False)
        said = (done.stdout + done.stderr).strip()
        require("panicked" not in said, f"{' '.join(arguments)} panicked: {said[-500:]}")
        require(may_fail or done.returncode == 0, f"{' '.join(arguments)}: exit {done.returncode}: {said[-500:]}")
        return done.stdout

    def start_and_kill(self, delay, *arguments):
        """Kills the program after `delay` seconds; returns whether it was still running."""
        null = subprocess.DEVNULL
        process = subprocess.Popen(self.command(*arguments), env=self.environment, stdout=null, stderr=null)
        time.sleep(delay)
        process.kill()
        return process.wait(LIMIT_SECONDS) == -signal.SIGKILL

    def seconds(self, *arguments):
        started = time.monotonic()
        self.run(*arguments)
        return time.monotonic() - started

    def articles(self, *query):
        """Lists the articles; none may be there twice."""
        listed = json.loads(self.run("search", "--json", *query))
        articles = listed["articles"]
        require(listed["count"] == len(articles), f"count {listed['count']}, but {len(articles)} articles are listed")
        ids = {article["id"] for article in articles}
        require(len(ids) == len(articles), "an article is listed twice")
        return articles

    def check(self, word, expected=None):
        """Checks a library by itself: `word` occurs in every article. Returns the articles."""
        report = self.run("doctor")
        require("\n! " not in report, report)
        self.run("index", "verify")
        articles = self.articles()
        titles = {(article["feed"], article["title"]) for article in articles}
        require(len(titles) == len(articles), "an article is stored twice")
        found = int(self.run("search", "--count", word))
        require(found == len(articles), f"a search finds {found} of {len(articles)} articles")
        if expected is not None:
            require(len(articles) == expected, f"{len(articles)} articles in place of {expected}")
        return articles

    def query(self, sql):
        database = sqlite3.connect(os.path.join(self.library, "library.db"), isolation_level=None)
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    def remove_library(self):
        shutil.rmtree(self.library, ignore_errors=True)

    def copy_library(self, source):
        self.remove_library()
        shutil.copytree(source, self.library)

    def keep_library(self, name):
        """Copies the library, as the start of later rounds; returns the copy."""
        return shutil.copytree(self.library, os.path.join(self.folder, name))


def write_files(folder, count, start=0):
    os.makedirs(folder)
    for number in range(start, start + count):
        words = " ".join(WORDS[(number * factor) % 26] for factor in range(1, 20))
        with open(os.path.join(folder, f"{number:05}.txt"), "w", encoding="utf-8") as out:
            out.write(f"date 2025-{number % 12 + 1:02}-{number % 28 + 1:02} Item {number:05}\n\nA zeppelin, {words}.\n")
    return folder


class Scenario:
    """One kind of kill. `attempt` returns whether the program was killed before it had ended."""

    report = ""

    def __init__(self, program, chance):
        self.program, self.chance = program, chance

    def delay(self, seconds):
        return self.chance.uniform(0, seconds * 1.1)

    def reset(self):
        """Called after a finding, so that the next round is about another library."""


class Refresh(Scenario):
    """Validators are stored with the articles that they stand for, and nothing is stored twice."""

    def __init__(self, program, chance):
        super().__init__(program, chance)
        self.round = 1
        scenario = self

        class Handler(http.server.BaseHTTPRequestHandler):
            """Serves the feeds of the current round."""

            def do_GET(self):
                number = scenario.round
                etag = f'"round-{number}"'
                is_known = self.headers.get("If-None-Match") == etag
                body = b"" if is_known else scenario.document(self.path.strip("/"), number).encode()
                self.send_response(304 if is_known else 200)
                self.send_header("ETag", etag)
                self.send_header("Content-Type", "application/rss+xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            """A server whose clients may be killed."""

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{self.server.server_port}"
        self.program.run("feed", "add", *(f"{address}/feed{number}" for number in range(FEEDS)))
        self.template = program.keep_library("subscribed")
        self.round = 2
        self.duration = program.seconds("refresh")

    @staticmethod
    def document(name, number):
        def item(guid, title):
            return (f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title>"
                    f"<description>{title} and a zeppelin</description></item>")
        items = [item(f"{name} {n} {i}", f"{name} item {i} of {WORDS[n]}")
                 for n in range(1, number + 1) for i in range(ITEMS_PER_ROUND)]
        edited = item("edited", f"Report on {WORDS[number]}")
        return (f"<rss version='2.0'><channel><title>{name}</title><link>http://127.0.0.1/{name}</link>"
                f"{edited}{''.join(items)}</channel></rss>")

    def reset(self):
        self.program.copy_library(self.template)
        self.round = 1

    def attempt(self):
        if self.round >= ROUNDS_PER_LIBRARY:
            self.reset()
        self.round += 1
        if not self.program.start_and_kill(self.delay(self.duration), "refresh"):
            return False
        self.program.check("zeppelin")
        self.check_validators()
        if self.chance.random() < 0.5:
            self.program.run("refresh")
            self.program.check("zeppelin", FEEDS * (ITEMS_PER_ROUND * self.round + 1))
            self.check_validators(self.round)
        return True

    def check_validators(self, expected=None):
        for feed, title, etag in self.program.query("SELECT id, title, etag FROM feeds"):
            number = int(etag.strip('"').removeprefix("round-"))
            require(expected in (None, number), f"{title} has the validator of round {number}")
            stored = {title for (title,) in self.program.query(f"SELECT title FROM entries WHERE feed = {feed}")}
            items = {f"{title} item {i} of {WORDS[n]}" for n in range(1, number + 1) for i in range(ITEMS_PER_ROUND)}
            different = stored ^ (items | {f"Report on {WORDS[number]}"})
            require(not different, f"{title} has the validator of round {number}, but not its articles: {different}")


class Add(Scenario):
    """A folder is read to its end by the next `add`."""

    def __init__(self, program, chance):
        super().__init__(program, chance)
        self.files = write_files(os.path.join(program.folder, "files"), FILES)
        self.duration = program.seconds("add", self.files)

    def attempt(self):
        self.program.remove_library()
        if not self.program.start_and_kill(self.delay(self.duration), "add", self.files):
            return False
        has_library = os.path.exists(os.path.join(self.program.library, "library.db"))
        # Without a feed, a list begins with the samples.
        if has_library and self.program.query("SELECT 1 FROM feeds"):
            self.program.check("zeppelin")
        self.program.run("add", self.files)
        self.program.check("zeppelin", FILES)
        return True


class Rebuild(Scenario):
    """A search finds every article, whatever there is of the index."""

    def __init__(self, program, chance):
        super().__init__(program, chance)
        program.run("add", write_files(os.path.join(program.folder, "files"), REBUILT_FILES))
        self.duration = program.seconds("index", "rebuild")

    def attempt(self):
        if not self.program.start_and_kill(self.delay(self.duration), "index", "rebuild"):
            return False
        self.program.check("zeppelin", REBUILT_FILES)
        if self.chance.random() < 0.2:
            self.program.run("index", "rebuild")
            self.program.check("zeppelin", REBUILT_FILES)
            folders = sum(entry.is_dir() for entry in os.scandir(os.path.join(self.program.library, "index")))
            require(folders == 1, f"{folders} folders of segments are left")
        return True


class Merge(Scenario):
    """The reader indexes new articles, and merges the full tier of segments."""

    def __init__(self, program, chance):
        super().__init__(program, chance)
        for number in range(SEGMENTS):
            folder = os.path.join(program.folder, f"files{number}")
            program.run("add", write_files(folder, FILES_PER_SEGMENT, number * FILES_PER_SEGMENT))
            if number < SEGMENTS - 1:
                self.run_reader(lambda status, expected=number + 1: status == (expected, 0))
        self.template = program.keep_library("segments")
        started = time.monotonic()
        self.run_reader(lambda status: status == (1, 0))
        self.duration = time.monotonic() - started

    def status(self):
        segments = self.program.query("SELECT count(*) FROM segments")[0][0]
        return segments, self.program.query("SELECT count(*) FROM text_changes")[0][0]

    def run_reader(self, is_done):
        terminal = Terminal(self.program)
        deadline = time.monotonic() + LIMIT_SECONDS
        while not is_done(self.status()):
            require(time.monotonic() < deadline, f"the index is not updated: {self.status()}")
            terminal.read(0.01)
        terminal.kill()

    def attempt(self):
        self.program.copy_library(self.template)
        terminal = Terminal(self.program)
        terminal.read(self.delay(self.duration))
        if not terminal.kill():
            return False
        self.program.check("zeppelin", FILES_PER_SEGMENT * SEGMENTS)
        if self.chance.random() < 0.2:
            self.run_reader(lambda status: status == (1, 0))
            self.program.check("zeppelin", FILES_PER_SEGMENT * SEGMENTS)
        return True


class Import(Scenario):
    """A list that is imported again is imported whole, with folders and names."""

    def __init__(self, program, chance):
        super().__init__(program, chance)
        self.list = os.path.join(program.folder, "feeds.opml")
        with open(self.list, "w", encoding="utf-8") as out:
            out.write("<opml version='2.0'><body>")
            for number in range(300):
                out.write(f"<outline text='Folder {number % 7}'><outline type='rss' text='Feed {number}' "
                          f"category='/tags/a{number % 3}' xmlUrl='https://example.org/{number}.xml'/></outline>")
            out.write("</body></opml>")
        program.run("list")
        self.template = program.keep_library("samples")
        self.duration = program.seconds("feed", "import", self.list)
        self.expected = self.feeds()

    def feeds(self):
        fields = ("url", "name", "folder", "tags", "articles")
        listed = json.loads(self.program.run("feed", "list", "--json"))
        return sorted(tuple(str(feed[field]) for field in fields) for feed in listed)

    def attempt(self):
        self.program.copy_library(self.template)
        if not self.program.start_and_kill(self.delay(self.duration), "feed", "import", self.list):
            return False
        self.program.run("doctor")
        self.program.run("feed", "import", self.list)
        self.program.run("doctor")
        found = self.feeds()
        require(found == self.expected, f"after a second import: {sorted(set(found) ^ set(self.expected))[:4]}")
        return True


class First(Scenario):
    """The first start stores the sample articles, or the next one does."""

    def __init__(self, program, chance):
        super().__init__(program, chance)
        self.duration = program.seconds("list")
        self.expected = program.run("list")

    def attempt(self):
        self.program.remove_library()
        if not self.program.start_and_kill(self.delay(self.duration), "list"):
            return False
        lines = self.program.run("list").count("\n")
        require(lines == self.expected.count("\n"), f"{lines} sample articles")
        self.program.run("doctor")
        remains = [name for name in os.listdir(self.program.library) if ".part" in name]
        require(len(remains) <= 3, f"remains of several starts: {remains}")
        return True


class Terminal:
    """The reader in a pseudo-terminal, with the screen that it draws."""

    SEQUENCE = re.compile(r"\x1b\[([?>=]?)([0-9;:]*)([a-zA-Z])|\x1b[\]_P].*?(?:\x07|\x1b\\)", re.S)

    def __init__(self, program):
        self.screen = [[" "] * COLUMNS for _ in range(ROWS)]
        self.row = self.column = 0
        self.is_drawing = False
        self.rest, self.decoder = "", codecs.getincrementaldecoder("utf-8")("replace")
        command = program.command("--keys", "vim")
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.terminal = master
        self.process = subprocess.Popen(command, env=program.environment, stdin=slave, stdout=slave, stderr=slave,
                                        start_new_session=True)
        os.close(slave)

    def press(self, keys):
        os.write(self.terminal, keys.encode())

    def kill(self):
        """Kills the reader; returns whether it was still running."""
        self.process.kill()
        code = self.process.wait(LIMIT_SECONDS)
        os.close(self.terminal)
        return code == -signal.SIGKILL

    def read(self, seconds):
        """Reads what the reader draws for `seconds`."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.read_once(left)

    def read_once(self, seconds):
        if select.select([self.terminal], [], [], seconds)[0]:
            try:
                self.draw(self.decoder.decode(os.read(self.terminal, 65536)))
            except OSError:
                raise Finding("the reader has ended") from None

    def wait(self, what, is_shown):
        """Reads until the screen is as expected; nothing more is read then."""
        deadline = time.monotonic() + LIMIT_SECONDS
        while self.is_drawing or not is_shown():
            if time.monotonic() > deadline:
                lines = "\n".join("".join(line) for line in self.screen)
                raise Finding(f"the reader does not show {what}:\n{lines}")
            self.read_once(0.05)

    def draw(self, text):
        text = self.rest + text
        at = 0
        while at < len(text):
            if text[at] != "\x1b":
                self.put(text[at])
                at += 1
            elif (found := self.SEQUENCE.match(text, at)) is not None:
                self.apply(*found.groups())
                at = found.end()
            elif len(text) - at < 64:
                break
            else:
                at += 1
        self.rest = text[at:]

    def put(self, character):
        if character >= " " and self.row < ROWS and self.column < COLUMNS:
            self.screen[self.row][self.column] = character
            self.column += 1

    def apply(self, mark, numbers, name):
        if mark == "?" and numbers == "2026":
            self.is_drawing = name == "h"
        fields = [int(number or 0) for number in (numbers or "").split(";")] if not mark else []
        if name == "H" and fields:
            self.row, self.column = max(fields[0], 1) - 1, max((fields + [1])[1], 1) - 1
        elif name == "J":
            self.screen = [[" "] * COLUMNS for _ in range(ROWS)]
        elif name == "K":
            self.screen[self.row][self.column:] = [" "] * (COLUMNS - self.column)

    def rows(self):
        """Returns the articles on the screen: number, whether selected, read and starred."""
        found = {}
        for line in self.screen[:-1]:
            title = re.match(r"(.)(.)(.)[^I]*Item (\d{5})", "".join(line[:40]))
            if title:
                selected, unread, star = title.group(1) == "▌", title.group(2) == "●", title.group(3) == "★"
                found[int(title.group(4))] = (selected, not unread, star)
        return found

    def selected(self):
        return next((number for number, row in self.rows().items() if row[0]), None)

    def marks(self):
        return {number: row[1:] for number, row in self.rows().items()}

    def bottom_line(self):
        return "".join(self.screen[-1])


class Reader(Scenario):
    """What the reader has shown is stored, and undo continues where it was."""

    def __init__(self, program, chance):
        super().__init__(program, chance)
        program.run("add", write_files(os.path.join(program.folder, "files"), 15))
        # Articles that are read stay in the list.
        program.query("INSERT INTO kept (name, value) VALUES ('scope', 'everything')")
        self.template = program.keep_library("untouched")
        self.drawn_last = self.not_stored = 0
        self.reset()

    def reset(self):
        self.program.copy_library(self.template)
        self.states = {number: (False, False) for number in range(15)}
        self.undo = []

    def attempt(self):
        terminal = Terminal(self.program)
        try:
            terminal.wait("the articles", lambda: len(terminal.rows()) == 15 and terminal.selected() is not None)
            require(terminal.marks() == self.states, f"shown {terminal.marks()}, expected {self.states}")
            for _ in range(self.chance.randrange(6)):
                self.step(terminal, is_last=False)
            terminal.read(STORED_SECONDS)
            possible = self.step(terminal, is_last=True)
        finally:
            was_running = terminal.kill()
        if was_running:
            self.check(possible)
        return was_running

    def step(self, terminal, is_last):
        """Presses a key. Returns the possible states with their undo stacks, the expected one first."""
        number = terminal.selected()
        key = self.chance.choice("jkssmmAu" if len(self.undo) > 2 else "jksm")
        before = (dict(self.states), list(self.undo))
        states, undo = dict(self.states), list(self.undo)
        if key == "s":
            states[number] = (states[number][0], not states[number][1])
        elif key == "m":
            states[number] = (not states[number][0], states[number][1])
        elif key == "A":
            states = {number: (True, star) for number, (_, star) in states.items()}
        elif key == "u":
            states = undo.pop()
        if key in "smA" and states != self.states:
            undo.append(before[0])
        terminal.press(key)
        if is_last and self.chance.random() < 0.5:
            terminal.read(self.chance.uniform(0, 0.004))
            return [(states, undo), before]
        order = list(terminal.rows())
        at = min(max(order.index(number) + {"j": 1, "k": -1}.get(key, 0), 0), len(order) - 1)
        changed = sum(states[number] != self.states[number] for number in states)
        fact = "Undone: " if key == "u" else "marked read" if key == "A" and changed > 1 else ""
        terminal.wait(f"the effect of {key}", lambda: terminal.selected() == order[at]
                      and terminal.marks() == states and fact in terminal.bottom_line())
        self.states, self.undo = states, undo
        if is_last and not fact and self.chance.random() < 0.5:
            self.drawn_last += changed > 0
            return [(states, undo), before]
        if is_last and not fact:
            terminal.read(STORED_SECONDS)
        return [(states, undo)]

    def check(self, possible):
        self.program.run("doctor")
        articles = self.program.articles()
        stored = {int(article["title"].split()[-1]): (article["read"], article["starred"]) for article in articles}
        for states, undo in possible:
            if states == stored:
                self.not_stored += self.states == possible[0][0] != states
                self.states, self.undo = states, undo
                break
        else:
            lost = {number: state for number, state in stored.items() if state != possible[0][0][number]}
            raise Finding(f"shown but not stored: {len(lost)} articles, stored as {lost}")
        self.report = f"killed as soon as a mark was drawn, {self.not_stored} of {self.drawn_last} were not stored yet"
        for query, at in (("is:read", 0), ("is:star", 1)):
            found = {int(article["title"].split()[-1]) for article in self.program.articles(query)}
            expected = {number for number, state in stored.items() if state[at]}
            require(found == expected, f"{query} finds {sorted(found)}, and {sorted(expected)} are")


SCENARIOS = {"refresh": Refresh, "add": Add, "rebuild": Rebuild, "merge": Merge, "import": Import, "first": First,
             "reader": Reader}


def run_scenario(name, program_path, kills, arguments):
    """Kills as often as asked; returns the numbers of kills and findings, and the seconds it took."""
    started, done, findings = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        scenario = SCENARIOS[name](Program(program_path, folder), random.Random(f"{name} {arguments.seed}"))
        while done < kills:
            try:
                done += scenario.attempt()
            except (Finding, subprocess.TimeoutExpired) as finding:
                done, findings = done + 1, findings + 1
                print(f"{name}, kill {done}: {finding}", flush=True)
                if arguments.keep:
                    kept = os.path.join(arguments.keep, f"{name}-{done}")
                    shutil.copytree(scenario.program.library, kept, dirs_exist_ok=True)
                scenario.reset()
        if scenario.report:
            print(f"{name}: {scenario.report}", flush=True)
    return done, findings, time.monotonic() - started


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the program, for example target/release/newsreader")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"some of: {', '.join(SCENARIOS)}")
    parser.add_argument("--kills", type=int, default=1000, metavar="N", help="kills in all [default: 1000]")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another number, other moments")
    parser.add_argument("--keep", metavar="DIR", help="folder for the libraries of findings")
    arguments = parser.parse_intermixed_args()
    names = arguments.kinds or list(SCENARIOS)
    if unknown := [name for name in names if name not in SCENARIOS]:
        parser.error(f"unknown kind: {', '.join(unknown)}")
    program_path, table = os.path.abspath(arguments.program), []
    for at, name in enumerate(names):
        kills = arguments.kills // len(names) + (at < arguments.kills % len(names))
        table.append((name, *run_scenario(name, program_path, kills, arguments)))
    print(f"\n{'kind':10} {'kills':>6} {'findings':>9} {'seconds':>8}")
    for name, kills, findings, seconds in table:
        print(f"{name:10} {kills:6} {findings:9} {seconds:8.0f}")
    sys.exit(1 if any(findings for _, _, findings, _ in table) else 0)


if __name__ == "__main__":
    main()
