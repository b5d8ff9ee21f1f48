"""Check links to other sites, politely, and remember the answers for a while.

One request at a time per host, with a pause between requests; HEAD first, GET if HEAD is refused. A
site that answers but blocks programs (403, 429) is not a broken link.
"""

import json
import os
import socket
import ssl
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from time import sleep
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urldefrag, urlsplit, urlunsplit
from urllib.request import Request, build_opener

import msgspec
from msgspec import Struct

from kheo import __version__
from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.messages.system import reason_of
from kheo.messages.wording import Message, message

CACHE_FILE = "external.json"
GOOD_FOR = 7 * 24 * 3600  # seconds that a good answer stays valid
BAD_FOR = 3600  # seconds; the site may only be down for a while
TIMEOUT = 10.0  # seconds
PAUSE = 0.5  # seconds between two requests to one host
AT_ONCE = 16  # hosts
AGENT = f"Mozilla/5.0 (compatible; kheo/{__version__}; link check)"
# These say that the page is gone. All other answers come from a working site.
GONE = {404: message("the server answers 404"), 410: message("the server answers 410")}
REFUSES_HEAD = frozenset({400, 403, 404, 405, 406, 410, 429, 500, 501, 502, 503})


Reason = str | Message  # empty where nothing is wrong


class Answer(Struct, frozen=True):
    """The result of a request: ``reason`` is empty if the link is good; ``at`` is Unix time."""

    reason: Reason
    at: float


class RequestTiming(Struct, frozen=True):
    """Timeout of a request and pause between requests, in seconds."""

    timeout: float = TIMEOUT
    pause: float = PAUSE


DEFAULT = RequestTiming()


def broken_links(
    links: dict[str, list[Place]],
    cache: Path,
    now: datetime,
    progress: Callable[[Message, int, int], None] = lambda stage, done, total: None,
    timing: RequestTiming = DEFAULT,
) -> list[Diagnostic]:
    """Return a warning for every place with a broken link."""
    known = _read_answers(cache)
    fresh = {url: known[url] for url in links if url in known and _is_fresh(known[url], now)}
    asked = [url for url in links if url not in fresh]
    answers = dict(fresh)
    for url, reason in _ask_all(asked, timing):
        answers[url] = Answer(reason, now.timestamp())
        progress(message("links"), len(answers) - len(fresh), len(asked))
    if asked:
        _write_answers(cache, known | answers)
    return [
        diagnostic("external-broken", place, url=url, reason=answers[url].reason)
        for url, places in links.items()
        if answers[url].reason
        for place in places
    ]


def _is_fresh(answer: Answer, now: datetime) -> bool:
    return 0 <= now.timestamp() - answer.at < (BAD_FOR if answer.reason else GOOD_FOR)


def _ask_all(urls: Iterable[str], timing: RequestTiming) -> Iterator[tuple[str, Reason]]:
    """Yield every URL with what is wrong with it, as answers arrive."""
    hosts: dict[str, list[str]] = {}
    for url in urls:
        hosts.setdefault(_host(url), []).append(url)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(_ask_host, host_urls, timing) for host_urls in hosts.values()]
        for done in as_completed(waiting):
            yield from done.result()


def _host(url: str) -> str:
    with suppress(ValueError):
        return urlsplit(url).netloc.lower()
    return ""


def _ask_host(urls: list[str], timing: RequestTiming) -> list[tuple[str, Reason]]:
    """Request the URLs one by one, and return the results. Stop if the host cannot be reached."""
    answers: list[tuple[str, Reason]] = []
    unreachable: Reason = ""
    for number, url in enumerate(urls):
        if unreachable:
            answers.append((url, unreachable))
            continue
        if number:
            sleep(timing.pause)
        reason, unreachable = _ask(url, timing)
        answers.append((url, reason))
    return answers


def _ask(url: str, timing: RequestTiming) -> tuple[Reason, Reason]:
    """Return what is wrong with the URL, and with its whole host; an empty string means nothing."""
    try:
        address = _ascii(url)
    except ValueError:
        return message("it is not a valid URL"), ""
    for method in ("HEAD", "GET"):
        try:
            _request(address, method, timing)
        except HTTPError as error:
            error.close()
            if method == "HEAD" and error.code in REFUSES_HEAD:
                sleep(timing.pause)
                continue
            return GONE.get(error.code, ""), ""
        except (URLError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", error)
            if method == "HEAD" and not isinstance(reason, OSError):
                continue  # not an HTTP response: some servers send one only for GET
            why = _why(reason)
            return why, why
        return "", ""
    return "", ""


def _request(url: str, method: str, timing: RequestTiming) -> None:
    """Send a request. Raises HTTPError for an unsuccessful answer, other errors for none."""
    request = Request(url, method=method, headers={"User-Agent": AGENT, "Accept": "*/*"})
    with build_opener().open(request, timeout=timing.timeout):
        pass  # the body is not read


def _why(reason: object) -> Reason:
    if isinstance(reason, TimeoutError):
        return message("the server does not answer")
    if isinstance(reason, ssl.SSLError):
        return message("its certificate is not valid")
    if isinstance(reason, socket.gaierror) and reason.errno == socket.EAI_NONAME:
        return message("Name or service not known")
    if isinstance(reason, OSError):
        return reason_of(reason)
    return str(reason)


def _ascii(url: str) -> str:
    """Encode ``https://báo.vn/tin tức`` as ASCII for a request. Raises ValueError."""
    parts = urlsplit(urldefrag(url).url)
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        raise ValueError(url)
    host = parts.hostname.encode("idna").decode()
    host = f"[{host}]" if ":" in host else host
    netloc = host if parts.port is None else f"{host}:{parts.port}"
    safe = "/%:@!$&'()*+,;=~-._?"
    return urlunsplit((parts.scheme, netloc, quote(parts.path, safe), quote(parts.query, safe), ""))


# --- remembered answers -------------------------------------------------------------------------


def _read_answers(cache: Path) -> dict[str, Answer]:
    """Return the remembered answers; none if the file is missing or invalid."""
    with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.json.decode((cache / CACHE_FILE).read_bytes(), type=dict[str, Answer])
    return {}


def _write_answers(cache: Path, answers: dict[str, Answer]) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".external-", dir=cache)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        text = msgspec.to_builtins(answers)
        json.dump(text, stream, ensure_ascii=False, indent=0, sort_keys=True)
    Path(name).replace(cache / CACHE_FILE)
