"""From parsed sources to a planned site, with everything that is wrong with it. ``check`` needs no more."""

from collections.abc import Iterator
from functools import partial

from msgspec import Struct, structs

from kheo.diagnostics import Diagnostic
from kheo.messages.wording import message
from kheo.render.theme import Theme, dressed
from kheo.search.terms import SearchReport
from kheo.stages.look_files import LookReader, look_pictures
from kheo.stages.lost_urls import PlannedUrls, UrlList, compare_urls
from kheo.stages.measuring import measure_files, shown_files
from kheo.stages.parsing import Changed, Documents, is_draft, read_documents
from kheo.stages.picture_tasks import MeasureJob
from kheo.stages.planning import PlanInput, PlanResult, index_and_plan
from kheo.stages.rendering import Appearance
from kheo.stages.setup import read_theme
from kheo.stages.site_places import with_places
from kheo.stages.work import Work


class PreparedSite(Struct, frozen=True):
    """The theme, the documents and the plan of a site, with all diagnostics so far."""

    theme: Theme
    documents: Documents
    planned: PlanResult
    found: list[Diagnostic]


def prepare(work: Work, changed: Changed) -> PreparedSite:
    """Read the theme and the documents, measure the pictures, index and plan."""
    watch, store, listing = work.run.watch, work.store, work.snapshot.listing
    with watch.stage("theme"):
        theme, found = read_theme(store, work.snapshot, work.setup, work.options)
    with watch.stage("read") as items:
        documents = read_documents(store, listing.sources, changed, work.options.keep_going)
        items.append(len(documents.documents))
    with watch.stage("measure") as items:
        measured = measure_files(
            store,
            work.snapshot.program,
            MeasureJob(work.options.content, work.setup.parse_options.body.tables),
            [
                *shown_files(documents.documents, listing.files),
                *shown_files(changed.unfinished, listing.files),
                *look_pictures(work.setup.config.look, listing.files),
            ],
            work.workers,
        )
        items.append(len(measured))
    measured |= work.broken
    site_file = work.snapshot.site_file or b""
    look = LookReader(site_file, listing.files, measured)
    look_files = look.read(work.setup.config.look, work.options.content, theme.assets)
    failed = changed.failed
    drafts = frozenset(path for path, found in failed.items() if is_draft(found))
    plan_input = PlanInput(
        documents,
        frozenset(failed),
        listing.files,
        measured,
        drafts,
        changed.unfinished,
        tuple(work.snapshot.public.files.values()),
        look_files,
    )
    planned = index_and_plan(plan_input, work.setup, work.options, watch)
    planned = structs.replace(planned, found=with_places(planned.found, site_file))
    found = [*found, *look.findings.list, *documents.found, *planned.found]
    return PreparedSite(theme, documents, planned, found)


def appearance_of(work: Work, site: PreparedSite) -> Appearance:
    """Return what all pages share, with the look of the site."""
    plan = site.planned.plan
    theme = dressed(site.theme, plan.dress)
    return Appearance(
        theme, plan.site, plan.shared, work.setup.language.dates, work.snapshot.program
    )


def compare_with_published(
    work: Work, site: PreparedSite, changed: Changed
) -> tuple[UrlList, list[Diagnostic]]:
    """Return the URLs of the planned site, and which published URLs it would lose."""
    with work.run.watch.stage("urls"):
        planned = PlannedUrls(
            site.planned.plan,
            site.documents.documents,
            site.planned.library.drafts | site.planned.library.scheduled.keys(),
            site.planned.left_out | changed.failed.keys(),
        )
        return compare_urls(work.store, work.options, planned)


def unindexed(work: Work, reports: list[SearchReport]) -> Iterator[Diagnostic]:
    """Yield warnings for reports of which search does not find all words."""
    from kheo.stages.search_limits import limit_findings
    from kheo.stages.searching import unindexed_words

    if reports:
        progress = partial(work.run.progress, message("search"))
        language = work.setup.config.language
        limits = unindexed_words(work.store, reports, language, progress)
        yield from limit_findings(limits, work.options.content)
