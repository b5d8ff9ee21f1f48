"""Try what a build would make, for ``check``: pictures, which the build then takes from the cache, and
pages, which are not kept."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from kheo.diagnostics import Diagnostic
from kheo.routes import Route
from kheo.stages.picture_tasks import PictureJob, RenderTask, is_cached
from kheo.stages.rendering import (
    FEW_OUTPUTS,
    Appearance,
    CurrentSite,
    RenderJob,
    RenderPlace,
    changed_tasks,
    make_pictures,
    renderer_of,
)
from kheo.stages.versions import pictures_digest
from kheo.stages.workers import Workers
from kheo.store.connection import open_existing
from kheo.store.store import Store
from kheo.views import View, decode_view

TRIED = "tried-pages"  # the memo with the fingerprints of pages that no build has published yet


def try_pictures(
    routes: Iterable[Route], content: Path, cache: Path, workers: Workers
) -> list[Diagnostic]:
    """Make the pictures that the cache does not have yet, for the next build; return what fails."""
    job = PictureJob(cache, None, pictures_digest())
    tasks = [
        RenderTask(
            path=route.path,
            template="",
            view=b"",
            body="",
            copy=str(content / route.copy) if route.copy else "",
            fingerprint=b"",
            note=b"",
            known_sha256="",
            recipe=route.recipe,
            source=route.source,
        )
        for route in routes
        if route.recipe and not is_cached(cache, route.recipe, job.version)
    ]
    return [
        one
        for answers in make_pictures(tasks, job, workers)
        for one in answers
        if isinstance(one, Diagnostic)
    ]


def try_pages(
    store: Store, routes: Iterable[Route], appearance: Appearance, cache: Path, workers: Workers
) -> list[Diagnostic]:
    """Render the pages that differ from the published ones; return what fails. Nothing is written."""
    published = store.published()
    current = CurrentSite(published, set(published))
    place = RenderPlace(cache, Path(), {"content": Path(), "templates": Path()}, 0)
    tried = set(store.memo(TRIED, appearance.program, list[bytes]) or ())
    pages = [
        task for _, task in changed_tasks(routes, appearance, place, current, set()) if task.view
    ]
    job = msgspec.msgpack.encode(
        RenderJob(appearance.theme, appearance.site, appearance.patterns, str(cache), "")
    )
    new = [task for task in pages if task.fingerprint not in tried]
    answers = workers.run(try_chunk, job, new, FEW_OUTPUTS)
    found = [one for answer in answers for one in answer]
    if not found and new:
        store.set_memo(TRIED, appearance.program, [task.fingerprint for task in pages])
    return found


# --- in a worker --------------------------------------------------------------------------------


def try_chunk(job: bytes, tasks: list[RenderTask]) -> list[Diagnostic]:
    """Render pages; return a diagnostic for each one that fails."""
    decoded, renderer = renderer_of(job)
    with open_existing(Path(decoded.cache)) as store:
        bodies = store.bodies([task.body for task in tasks if task.body])
    found = []
    for task in tasks:
        view: View = decode_view(task.view)
        page = renderer.render(task.template, view, bodies.get(task.body, ""))
        if isinstance(page, Diagnostic):
            found.append(page)
    return found
