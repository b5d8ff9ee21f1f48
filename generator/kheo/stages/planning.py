"""Index and plan: turn documents into routes, and report the problems that need all documents."""

from datetime import UTC, datetime

from msgspec import Struct, structs

from kheo.diagnostics import Diagnostic, soften
from kheo.index.alphabet import name_order
from kheo.index.indexing import find_wrong_names, index_documents
from kheo.index.visibility import Visibility
from kheo.library import Library, Timeline
from kheo.model import Document, Entry
from kheo.plan.look import LookFiles
from kheo.plan.measured import Measured
from kheo.plan.planning import Plan, plan_routes
from kheo.plan.targets import ContentFiles
from kheo.stages.parsing import Documents
from kheo.stages.results import BuildOptions
from kheo.stages.setup import Setup
from kheo.stages.stopwatch import Stopwatch

# Errors with which a page is still good: it is published without the link, or without the alias.
BEARABLE = {"alias-live", "alias-twice", "anchor-broken", "link-broken", "link-unpublished"}


class PlanInput(Struct, frozen=True):
    """The input of index and plan.

    ``failed`` has the paths of sources that could not be parsed, ``failed_drafts`` those of drafts
    among them, which nobody misses. ``unfinished`` has what could be read of them, to find broken links
    and wrong names. ``public`` has the files of ``templates/public/``, ``look`` those of ``look:``.
    """

    documents: Documents
    failed: frozenset[str]
    files: dict[str, Entry]
    measured: dict[str, Measured]
    failed_drafts: frozenset[str] = frozenset()
    unfinished: tuple[Document, ...] = ()
    public: tuple[Entry, ...] = ()
    look: LookFiles = LookFiles()


class PlanResult(Struct, frozen=True):
    """The library and the plan of a site.

    ``is_publishable`` says that the site may be published despite errors: ``keep_going`` was given,
    and all sources with errors are left out.
    """

    library: Library
    plan: Plan
    found: list[Diagnostic]
    left_out: frozenset[str]
    is_publishable: bool


def index_and_plan(
    plan_input: PlanInput, setup: Setup, options: BuildOptions, watch: Stopwatch
) -> PlanResult:
    """Return the library and the plan. With ``keep_going``, plan again without sources with errors."""
    left_out: frozenset[str] = frozenset()
    found: list[Diagnostic] = []
    while True:
        documents = [one for one in plan_input.documents.documents if one.path not in left_out]
        with watch.stage("index") as items:
            timeline, errors, later = _index(documents, plan_input, setup, options)
            items.append(len(documents))
        with watch.stage("plan") as items:
            files = ContentFiles(
                plan_input.files,
                plan_input.measured,
                left_out | plan_input.failed,
                plan_input.unfinished,
                plan_input.public,
                plan_input.look,
            )
            plan, more = plan_routes(timeline, setup.config, setup.language, files, options.now)
            items.append(plan.count)
        found += [*errors, *more]
        bad = {d.place.path for d in (*errors, *more) if d.severity == "error"}
        if options.keep_going:
            bad = {d.place.path for d in (*errors, *more) if _spoils_page(d)}
        blamed = {path for path in bad if path.endswith(".md")} - left_out
        if not options.keep_going or not blamed:
            is_publishable = options.keep_going and not bad
            found += [*later, *plan.ahead.found]
            words = setup.language.url_words
            names = find_wrong_names(documents, plan_input.unfinished, setup.config, words)
            found += [
                soften(d) if d.place.path in plan_input.failed_drafts else d
                for d in (*names, *plan.of_unfinished)
            ]
            left_out |= plan_input.failed - plan_input.failed_drafts
            return PlanResult(timeline.now, plan, found, left_out, is_publishable)
        left_out |= blamed


def _spoils_page(found: Diagnostic) -> bool:
    """Return whether a page must not be published with this error.

    A broken link does not spoil a page: the words appear without the link. Often it is not even the
    fault of the page, but of an edit of its target.
    """
    return found.severity == "error" and found.code not in BEARABLE


def _index(
    documents: list[Document], plan_input: PlanInput, setup: Setup, options: BuildOptions
) -> tuple[Timeline, list[Diagnostic], list[Diagnostic]]:
    """Index the site as it is now and as it will be.

    Returns what is wrong now, and what will be wrong when sources that are not public yet are.
    """
    everything = plan_input.documents.documents  # those that are left out too
    known = {one.path for one in everything}
    broken = [
        one
        for one in plan_input.unfinished
        if one.term and not one.meta.draft and one.path not in known
    ]
    order = name_order(setup.language.alphabet, setup.language.tones)
    visibility = Visibility(options.now, options.drafts, options.future)

    def index(
        documents: list[Document], visibility: Visibility
    ) -> tuple[Library, list[Diagnostic]]:
        words = setup.language.url_words
        return index_documents(documents, setup.config, words, order, visibility, broken)

    now, errors = index(documents, visibility)
    coming, later = now, list[Diagnostic]()
    if now.scheduled:
        coming, found = index(documents, structs.replace(visibility, future=True))
        later += _new(found, errors)
    whole = coming
    if now.drafts:
        shown = structs.replace(visibility, future=True, drafts=True)
        whole, found = index(documents, shown)
        later += map(soften, _new(found, [*errors, *later]))

    def library_at(seconds: float) -> Library:
        then = datetime.fromtimestamp(seconds, UTC)
        return index(everything, structs.replace(visibility, now=then, past=True))[0]

    return Timeline(now, coming, whole, library_at), errors, later


def _new(found: list[Diagnostic], known: list[Diagnostic]) -> list[Diagnostic]:
    before = {(d.code, d.place) for d in known}
    return [d for d in found if (d.code, d.place) not in before]
