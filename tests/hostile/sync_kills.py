#!/usr/bin/env python3
"""Kills the program at random moments of a sync, and checks that nothing is lost or doubled.

    cargo build --release
    tests/hostile/sync_kills.py target/release/newsreader [--kills N] [--seed N] [KIND …]

Kinds: `greader` and `fever`, the two protocols of the server in `sync_server.py`. In each round articles arrive on the
server, articles are marked there and here, also the same ones, and the sync is killed, often several times. After one
sync that is not killed, server and library must agree: the marks that were made here count, then those of the server.
The exit status is 1 if there is a finding. All libraries are temporary, and no network but 127.0.0.1 is used.
"""
import argparse
import os
import random
import subprocess
import sys
import tempfile

from kills import Finding, Program, require
from sync_server import SyncServer

ARTICLES, NEW_PER_ROUND, MARKED_PER_ROUND = 400, 30, 25
COMMANDS = {("read", True): ("mark", "read"), ("read", False): ("mark", "unread"), ("starred", True): ("star",),
            ("starred", False): ("unstar",)}


class SyncRounds:
    """A server and a library with an account there."""

    def __init__(self, program, kind, chance):
        self.program, self.chance = program, chance
        self.server = SyncServer(ARTICLES)
        program.environment["NEWS_PASSWORD"] = "S3CRET"
        program.run("account", "add", "--server", self.server.url, "--user", "ann", "--kind", kind,
                    "--password", "env:NEWS_PASSWORD", "--name", "News")
        self.ids = {}
        self.server.add(NEW_PER_ROUND)
        self.duration = program.seconds("sync")
        self.check()

    def marks_here(self):
        articles = self.program.articles("--limit", "100000")
        self.ids = {int(article["title"].split()[-1]): article["id"] for article in articles}
        require(len(self.ids) == len(articles), "an article is stored twice")
        return {int(article["title"].split()[-1]): (article["read"], article["starred"]) for article in articles}

    def marks_there(self):
        return {number: (article.read, article.starred) for number, article in self.server.articles.items()}

    def check(self, expected=None):
        here, there = self.marks_here(), self.marks_there()
        different = {number: (here.get(number), there[number]) for number in there if here.get(number) != there[number]}
        require(not different, f"library and server differ (number: here, there): {different}")
        lost = {number: (allowed, there[number]) for number, allowed in (expected or {}).items()
                if any(mark not in marks for mark, marks in zip(there[number], allowed))}
        require(not lost, f"marks were lost (number: expected, there): {lost}")
        waiting = self.program.query("SELECT count(*) FROM outbox")[0][0]
        require(waiting == 0, f"{waiting} marks wait for a server that has them")
        report = self.program.run("doctor")
        require("\n! " not in report, report)

    def attempt(self):
        """Marks, and kills the sync; returns how often it was still running."""
        numbers = list(self.ids)
        before = self.marks_here()
        there = self.mark_there(numbers)
        expected = {number: [{mark} for mark in marks] for number, marks in there.items()}
        kills = 0
        for _ in range(self.chance.randint(1, 3)):
            self.mark_here(numbers, before, there, expected)
            kills += self.program.start_and_kill(self.chance.uniform(0, self.duration * 1.1), "sync")
        self.program.run("sync")
        self.check(expected)
        return kills

    def mark_there(self, numbers):
        self.server.add(NEW_PER_ROUND)
        for number in self.chance.sample(numbers, MARKED_PER_ROUND):
            name = self.chance.choice(("read", "starred"))
            article = self.server.articles[number]
            setattr(article, name, not getattr(article, name))
        return self.marks_there()

    def mark_here(self, numbers, before, there, expected):
        """Marks articles, and notes the marks that they may have in the end."""
        for (name, wanted), command in COMMANDS.items():
            # A mark that an article has here already is no change, and the server's counts.
            marked = self.chance.sample(numbers, MARKED_PER_ROUND // 4)
            at = 0 if name == "read" else 1
            here = self.marks_here()
            marked = [number for number in marked if here[number][at] != wanted]
            if marked:
                self.program.run(*command, *(str(self.ids[number]) for number in marked))
            for number in marked:
                # An act that is taken back before it was sent is none: then the server's mark counts.
                is_taken_back = number in before and before[number][at] == wanted
                expected[number][at] = {wanted, there[number][at]} if is_taken_back else {wanted}


def run_kind(kind, program_path, kills, seed):
    """Kills as often as asked; returns the numbers of kills and findings."""
    done = findings = 0
    with tempfile.TemporaryDirectory() as folder:
        rounds = SyncRounds(Program(program_path, folder), kind, random.Random(f"{kind} {seed}"))
        while done < kills:
            try:
                done += rounds.attempt()
            except (Finding, subprocess.TimeoutExpired) as finding:
                done, findings = done + 1, findings + 1
                print(f"{kind}, kill {done}: {finding}", flush=True)
    return done, findings


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the program, for example target/release/newsreader")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="greader or fever [default: both]")
    parser.add_argument("--kills", type=int, default=100, metavar="N", help="kills in all [default: 100]")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another number, other moments")
    arguments = parser.parse_intermixed_args()
    kinds = arguments.kinds or ["greader", "fever"]
    if unknown := set(kinds) - {"greader", "fever"}:
        parser.error(f"unknown kind: {', '.join(unknown)}")
    results = [run_kind(kind, os.path.abspath(arguments.program), arguments.kills // len(kinds), arguments.seed)
               for kind in kinds]
    for kind, (kills, findings) in zip(kinds, results):
        print(f"{kind:10} {kills:6} kills {findings:6} findings")
    sys.exit(1 if any(findings for _, findings in results) else 0)


if __name__ == "__main__":
    main()
