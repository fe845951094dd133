#!/usr/bin/env python3
"""A sync server with any number of articles, for kills and measurements.

    tests/hostile/sync_server.py [--port N] [--articles N] [--bytes N]

It speaks the Google Reader API at `/` and the Fever API at `/fever/`, for the user `ann` with the password `S3CRET`, and
takes a mark off that it is told twice, as Miniflux 2.2 does. `/requests` lists the requests since the last time.
"""
import argparse
import hashlib
import http.server
import json
import threading
import urllib.parse

PREFIX = "tag:google.com,2005:reader/item/"
READ, STARRED = "user/-/state/com.google/read", "user/-/state/com.google/starred"
KEY = hashlib.md5(b"ann:S3CRET").hexdigest()
WORDS = "amber basil cedar delta ebony fjord grape hazel indigo jade kelp lemon mango nutmeg ocean pearl".split()


class Article:
    """An article and its marks."""

    def __init__(self, number):
        self.number, self.read, self.starred = number, False, False

    def title(self):
        return f"Item {self.number:05}"


class SyncServer:
    """The articles, and a server of them in a thread of its own."""

    def __init__(self, articles, port=0, text_bytes=400):
        self.articles = {}
        self.lock = threading.RLock()
        self.requests = []
        self.text_bytes = text_bytes
        self.add(articles)
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            """Answers calls of both protocols."""

            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self):
                self.answer("")

            def do_POST(self):
                self.answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

            def answer(self, form):
                path, _, query = self.path.partition("?")
                fields = urllib.parse.parse_qsl(query, keep_blank_values=True)
                with owner.lock:
                    status, body = owner.answer(path, fields, urllib.parse.parse_qsl(form, keep_blank_values=True))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            """A server whose clients may be killed."""

            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def add(self, count):
        """Adds unread articles."""
        with self.lock:
            first = len(self.articles) + 1
            self.articles.update((number, Article(number)) for number in range(first, first + count))

    def take_requests(self):
        """Returns the requests since the last time."""
        with self.lock:
            requests, self.requests = self.requests, []
            return requests

    def answer(self, path, query, form):
        if path == "/requests":
            return 200, json.dumps(self.take_requests()).encode()
        self.requests.append(path + "".join(f" {name}={value}" for name, value in query))
        if path == "/fever/":
            return 200, json.dumps(self.answer_fever(dict(query), dict(form))).encode()
        if path == "/accounts/ClientLogin":
            is_ann = dict(form).get("Passwd") == "S3CRET"
            return (200, b"SID=x\nLSID=x\nAuth=ann/1\n") if is_ann else (401, b"")
        answers = {"token": self.token, "subscription/list": self.subscriptions, "stream/items/ids": self.ids,
                   "stream/items/contents": self.contents, "edit-tag": self.edit_tag,
                   "tag/list": lambda _query, _form: {"tags": []}}
        call = answers.get(path.removeprefix("/reader/api/0/"))
        if call is None:
            return 404, b""
        answer = call(dict(query), form)
        return 200, answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()

    def token(self, _query, _form):
        return "token"

    def subscriptions(self, _query, _form):
        return {"subscriptions": [{"id": "feed/1", "title": "Items", "categories": [], "url": f"{self.url}/feed.xml"}]}

    def listed(self, is_listed):
        return [article for article in reversed(self.articles.values()) if is_listed(article)]

    def ids(self, query, _form):
        is_starred, leaves_out_read = query["s"] == STARRED, "xt" in query
        listed = self.listed(lambda article: article.starred if is_starred else not (leaves_out_read and article.read))
        start = int(query.get("c", 0))
        end = start + min(int(query["n"]), 10_000)
        answer = {"itemRefs": [{"id": str(article.number)} for article in listed[start:end]]}
        return answer | ({"continuation": str(end)} if end < len(listed) else {})

    def text(self, number):
        words = " ".join(WORDS[(number * factor) % 16] for factor in range(1, 20))
        return f"<p>{words} </p>" * max(self.text_bytes // (len(words) + 8), 1)

    def contents(self, _query, form):
        numbers = [int(value.removeprefix(PREFIX), 16) for name, value in form if name == "i"]
        return {"items": [self.item(self.articles[number]) for number in numbers if number in self.articles]}

    def item(self, article):
        states = [READ] * article.read + [STARRED] * article.starred
        return {"id": f"{PREFIX}{article.number:016x}", "title": article.title(), "published": 1_700_000_000 + article.number,
                "canonical": [{"href": f"https://post.example/{article.number}"}], "categories": states,
                "origin": {"streamId": "feed/1"}, "summary": {"content": self.text(article.number)}}

    def edit_tag(self, _query, form):
        fields = dict(form)
        name, wanted = ("read" if READ in (fields.get("a"), fields.get("r")) else "starred"), "a" in fields
        for number in (int(value.removeprefix(PREFIX), 16) for field, value in form if field == "i"):
            self.set_mark(number, name, wanted)
        return "OK"

    def set_mark(self, number, name, wanted):
        """Sets a mark; one that is there already is taken off."""
        article = self.articles[number]
        setattr(article, name, wanted and not getattr(article, name))

    def answer_fever(self, query, form):
        if form.get("api_key") != KEY:
            return {"api_version": 3, "auth": 0}
        answer = {"api_version": 3, "auth": 1}
        if "mark" in form:
            name = "starred" if "saved" in form["as"] else "read"
            self.set_mark(int(form["id"]), name, not form["as"].startswith("un"))
        elif "groups" in query:
            answer |= {"groups": [], "feeds_groups": []}
        elif "feeds" in query:
            answer |= {"feeds": [{"id": 1, "title": "Items", "url": f"{self.url}/feed.xml"}], "feeds_groups": []}
        elif "unread_item_ids" in query:
            answer["unread_item_ids"] = ",".join(str(article.number) for article in self.listed(lambda one: not one.read))
        elif "saved_item_ids" in query:
            answer["saved_item_ids"] = ",".join(str(article.number) for article in self.listed(lambda one: one.starred))
        elif "items" in query:
            answer["items"] = [self.fever_item(article) for article in self.fever_page(query)]
        return answer

    def fever_page(self, query):
        if "with_ids" in query:
            numbers = [int(number) for number in query["with_ids"].split(",")[:50]]
            return [self.articles[number] for number in numbers if number in self.articles]
        if "since_id" in query:
            first = int(query["since_id"]) + 1
            return [self.articles[number] for number in range(first, first + 50) if number in self.articles]
        last = (int(query["max_id"]) or len(self.articles) + 1) - 1
        return [self.articles[number] for number in range(last, max(last - 50, 0), -1)]

    def fever_item(self, article):
        return {"id": article.number, "feed_id": 1, "title": article.title(), "html": self.text(article.number),
                "url": f"https://post.example/{article.number}", "is_read": int(article.read),
                "is_saved": int(article.starred), "created_on_time": 1_700_000_000 + article.number}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, metavar="N", help="port [default: a free one]")
    parser.add_argument("--articles", type=int, default=25_000, metavar="N", help="number of articles [default: 25000]")
    parser.add_argument("--bytes", type=int, default=400, metavar="N", help="size of a text [default: 400]")
    arguments = parser.parse_args()
    server = SyncServer(arguments.articles, arguments.port, arguments.bytes)
    print(server.url, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
