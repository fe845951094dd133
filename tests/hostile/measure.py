#!/usr/bin/env python3
"""Makes hostile documents of each kind at four sizes, and prints what reading them costs.

    cargo build --release
    tests/hostile/measure.py target/release/newsreader [KIND …]

Each size is twice the one before: processor time and memory that grow by more than that are a mistake. A time in
brackets is over the limit of three seconds, a memory over 200 MiB. No network is used; every library is temporary.
"""
import json
import os
import subprocess
import sys
import tempfile

LIMIT_SECONDS, LIMIT_MIB, TIMEOUT = 3.0, 200, 120


def feed(inner, start="", outside=""):
    return (f"<rss version='2.0'{start}><channel><title>t</title><link>https://example.org/</link><item><title>a</title>"
            f"<guid>1</guid>{inner}</item>{outside}</channel></rss>")


def base(inner):
    return feed(inner, f" xml:base='http://e.x/{'a' * 8000}/'")


def channel(head, items):
    return f"<rss version='2.0'><channel><title>t</title>{head}{items}</channel></rss>"


def json_feed(items, members=""):
    return "f.json", f'{{"version":"1","title":"t",{members}"items":[{items}]}}'


def many(count, write):
    return "".join(write(n) for n in range(count))


def html(text):
    return "a.html", text


# Kind: the largest number, and the file that a number makes.
KINDS = {
    "html-reopened": (400_000, lambda n: html("<p>" + many(250, lambda c: f"<b class=c{c}>") + "<p>x" * n)),
    "html-adopted": (400_000, lambda n: html("<a href=x><div></a>" * n)),
    "html-inline": (400_000, lambda n: html("<span><div>x</span>" * n)),
    "html-compared": (400_000, lambda n: html(many(250, lambda c: f"<b class=c{c}>") + "<i id=a>x</i>" * n)),
    "html-fostered": (400_000, lambda n: html("<table>" + "<b class=x><div>x" * n)),
    "html-deep": (1_000_000, lambda n: html("<div>" * n)),
    "html-items": (500_000, lambda n: html("<ul>" + "<li>x" * n)),
    "feed-brackets": (1_000_000, lambda n: ("f.xml", feed(f"<description>{'<' * n}></description>"))),
    "feed-numbers": (1_000_000, lambda n: ("f.xml", feed(f"<description>{'<1' * n}></description>"))),
    "feed-categories": (200_000, lambda n: ("f.xml", feed(many(n, lambda i: f"<category>c{i}</category>")))),
    "feed-authors": (200_000, lambda n: ("f.xml", feed(many(n, lambda i: f"<dc:creator>c{i}</dc:creator>")))),
    "feed-files": (200_000, lambda n: ("f.xml", feed(many(n, lambda i: f"<enclosure url='http://e.x/{i}'/>")))),
    "feed-namespaces": (200_000, lambda n: ("f.xml", feed("", many(n, lambda i: f" xmlns:a{i}='u'"), "<z:b/>" * n))),
    "feed-links": (880_000, lambda n: ("f.xml", feed("<link href='a'/>" * n))),
    "feed-keywords": (1_900_000, lambda n: ("f.xml", feed(f"<itunes:keywords>{many(n, lambda i: f'{i},')}</itunes:keywords>"))),
    "feed-people": (2_600_000, lambda n: ("f.xml", feed(f"<author>{'a@b.c,' * n}</author>"))),
    "feed-inherited": (580_000, lambda n: ("f.xml", channel(many(n, lambda i: f"<category>{i}</category>"), "<item/>" * 5000))),
    "feed-languages": (2_000_000, lambda n: ("f.xml", feed("", f" xml:lang='{'a' * n}'", "<item/>" * n))),
    "feed-items": (2_200_000, lambda n: ("f.xml", channel("", "<item/>" * n))),
    "feed-summaries": (500_000, lambda n: ("f.xml", feed(f"<content:encoded>{'a' * 999}b</content:encoded>" * (n // 50)
                                                        + f"<description>{'a' * 1000}</description>" + "<description>x</description>" * (n // 2)))),
    "feed-bases": (680_000, lambda n: ("f.xml", base("<a xml:base='x'/>" * n))),
    "feed-relative": (1_000_000, lambda n: ("f.xml", base(f"<description>{'&lt;a href=x>' * n}</description>"))),
    "feed-sets": (1_500_000, lambda n: ("f.xml", base(f"<description>&lt;img srcset='{'a, ' * n}'></description>"))),
    "feed-pictures": (680_000, lambda n: ("f.xml", base("<itunes:image href='x'/>" * n))),
    "feed-described": (480_000, lambda n: ("f.xml", feed("<media:content url='http://a/a' type='image/x'><media:description>"
                                                        + "d" * 5000 + "</media:description></media:content><description>"
                                                        + "&lt;img src=http://a/a>" * n + "</description>"))),
    "feed-declarations": (2_600_000, lambda n: ("f.xml", feed(f"<description><p{' xmlns' * n}></p></description>"))),
    "feed-prefixes": (2_200_000, lambda n: ("f.xml", feed(f"<description>{'<zz:b/>' * n}</description>", many(100, lambda i: f" xmlns:a{i}='u'")))),
    "feed-end-tags": (3_100_000, lambda n: ("f.xml", feed(f"<description>{'<b>' * 240}{'</a>' * n}</description>"))),
    "json-items": (400_000, lambda n: json_feed(many(n, lambda i: json.dumps({"id": str(i), "title": "t"}) + ",") + "1")),
    "json-numbers": (8_000_000, lambda n: json_feed("1," * n + "1")),
    "json-objects": (2_000_000, lambda n: json_feed('{"a":1},' * n + "1")),
    "json-tags": (4_000_000, lambda n: json_feed('{"tags":[' + '"a",' * n + "1]}")),
    "json-authors": (1_400_000, lambda n: json_feed('{"authors":[' + many(n, lambda i: f'"{i}",') + "1]}")),
    "json-attachments": (1_300_000, lambda n: json_feed('{"attachments":[' + '{"url":"a"},' * n + "1]}")),
    "json-inherited": (8_000_000, lambda n: json_feed("{}," * 5000 + "1", '"authors":["' + "a" * n + '"],')),
    "json-members": (2_000_000, lambda n: json_feed("", '"x":[' + '{"a":1},' * n + "1],")),
    "json-tabs": (15_000_000, lambda n: json_feed('{"content_text":"' + "\t" * n + '"}')),
    "json-nested": (1_000_000, lambda n: ("f.json", '{"version":"1","items":' + "[" * n)),
    "mail-nested": (100_000, lambda n: ("a.eml", "Subject: s\n" + "Content-Type: message/rfc822\n\nSubject: x\n" * n + "\nx")),
    "mail-comments": (1_000_000, lambda n: ("a.eml", f"Subject: s\nFrom: {'(' * n}\n\nx")),
    "mail-encoded": (3_000_000, lambda n: ("a.eml", "Subject: s\n" + "Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n" * 20 + "\n" + "word " * n)),
    "mail-parts": (3_900_000, lambda n: ("a.eml", "Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n" + "--b\n" * n)),
    "mail-lines": (15_000_000, lambda n: ("a.eml", "Subject: s\n\nbegin" + "\n" * n)),
    "mail-mixed": (7_000_000, lambda n: ("a.eml", "Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>a\n--b\n\n" + "x\n" * n)),
    "text-lines": (7_500_000, lambda n: ("a.txt", " date 2026-01-02 a\n" + "x\n" * n)),
    "text-quoted": (5_000_000, lambda n: ("a.txt", " date 2026-01-02 a\n\n" + ">x\n" * n)),
    "text-quotes": (1_000_000, lambda n: ("a.txt", " date 2026-01-02 " + '"' * n)),
    "text-paragraphs": (2_000_000, lambda n: ("a.txt", " date 2026-01-02 a\n\n" + "x\n\n" * n)),
    "markdown-footnotes": (100_000, lambda n: ("a.md", many(n, lambda i: f"[^{i}]") + "\n\n" + many(n, lambda i: f"[^{i}]: x\n\n"))),
    "markdown-nested": (1_000_000, lambda n: ("a.md", "> " * n + "x")),
    "markdown-table": (300_000, lambda n: ("a.md", "|a|b|\n|-|-|\n" + "|x|y|\n" * n)),
    "markdown-items": (1_000_000, lambda n: ("a.md", "- x\n" * n)),
    "markdown-emphasis": (1_000_000, lambda n: ("a.md", "*x* " * n)),
    "urls": (50_000, lambda n: ("urls", many(n, lambda i: f"http://e{i}.example/f tag{i}\n"))),
}


def measure(program, library, arguments):
    """Runs the program; returns processor time in seconds, memory in MiB and the exit code (None after the time-out)."""
    command = [program, "--library", library, *arguments]
    limited = ["timeout", "--signal=KILL", str(TIMEOUT), *command]
    process = subprocess.Popen(limited, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode


def commands(path):
    name = os.path.basename(path)
    if name.startswith("f."):
        return [["feed", "check", path]]
    if name == "urls":
        return [["feed", "import", path]]
    return [["add", path], ["read", "1"]]


def write_document(folder, make, number):
    """Writes a document and returns its path. Another process makes it: one that starts while this one is large counts
    as large."""
    writer = os.fork()
    if writer == 0:
        file, text = make(number)
        with open(os.path.join(folder, file), "w", encoding="utf-8") as out:
            out.write(text)
        os._exit(0)
    os.waitpid(writer, 0)
    return os.path.join(folder, os.listdir(folder)[0])


def show(value, limit, unit):
    text = f"{value:.2f} {unit}" if unit == "s" else f"{value:.0f} {unit}"
    return f"[{text}]" if value > limit else text


def main():
    program, names = os.path.abspath(sys.argv[1]), sys.argv[2:] or list(KINDS)
    for name in names:
        largest, make = KINDS[name]
        for number in [largest // 8, largest // 4, largest // 2, largest]:
            with tempfile.TemporaryDirectory() as folder:
                path = write_document(folder, make, number)
                columns = [f"{name:20}", f"{os.path.getsize(path) / 1e6:6.2f} MB"]
                for arguments in commands(path):
                    seconds, memory, code = measure(program, os.path.join(folder, "library"), arguments)
                    columns.append(f"{' '.join(arguments[:2]) if arguments[0] == 'feed' else arguments[0]}:")
                    columns.append(f"{show(seconds, LIMIT_SECONDS, 's'):>9} {show(memory, LIMIT_MIB, 'MiB'):>9} exit {code}")
                print("  ".join(columns), flush=True)


if __name__ == "__main__":
    main()
