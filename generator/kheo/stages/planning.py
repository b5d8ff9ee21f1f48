"""Index and plan: turn documents into routes, and report the problems that need all documents."""

from msgspec import Struct

from kheo.diagnostics import Diagnostic
from kheo.index.alphabet import name_order
from kheo.index.indexing import index_documents
from kheo.index.visibility import Visibility
from kheo.library import Library
from kheo.model import Entry
from kheo.pictures.recipes import Measured
from kheo.plan.links import ContentFiles
from kheo.plan.planning import Plan, plan_routes
from kheo.stages.parsing import Documents
from kheo.stages.results import BuildOptions
from kheo.stages.setup import Setup
from kheo.stages.stopwatch import Stopwatch


class PlanInput(Struct, frozen=True):
    """The input of index and plan. ``failed`` has the paths of sources with errors."""

    documents: Documents
    failed: frozenset[str]
    files: dict[str, Entry]
    measured: dict[str, Measured]


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
    visibility = Visibility(options.now, options.drafts, options.future)
    order = name_order(setup.language.alphabet, setup.language.tones)
    while True:
        documents = [one for one in plan_input.documents.documents if one.path not in left_out]
        with watch.stage("index") as items:
            library, errors = index_documents(
                documents, setup.config, setup.language.url_words, order, visibility
            )
            items.append(len(documents))
        with watch.stage("plan") as items:
            files = ContentFiles(
                plan_input.files, plan_input.measured, left_out | plan_input.failed
            )
            plan, more = plan_routes(library, setup.config, setup.language, files, options.now)
            items.append(plan.count)
        found += [*errors, *more]
        bad = {d.place.path for d in (*errors, *more) if d.severity == "error"}
        blamed = {path for path in bad if path.endswith(".md")} - left_out
        if not options.keep_going or not blamed:
            is_publishable = options.keep_going and not bad
            return PlanResult(library, plan, found, left_out | plan_input.failed, is_publishable)
        left_out |= blamed
