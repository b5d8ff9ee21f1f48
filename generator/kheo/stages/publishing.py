"""Compare with what is published, and publish what was rendered."""

from kheo.model import FileState
from kheo.publish import manifest, writer
from kheo.publish.writer import Counts, NewSite
from kheo.stages.lost_urls import remember_urls
from kheo.stages.memory import LastBuild, forget, remember_files
from kheo.stages.rendering import BUILD, CurrentSite, RenderResult, drop_unused_pictures
from kheo.stages.results import BuildOptions
from kheo.stages.site_plan import SitePlan
from kheo.store.store import Store


def compare(store: Store, options: BuildOptions, last: LastBuild | None) -> CurrentSite:
    """Finish an interrupted publication; return the published files and which of them are intact.

    If ``last`` is given, ``recall`` has already found that all files are intact.
    """
    if last:
        published = store.published()
        return CurrentSite(published, published.keys() & last.files.keys())
    writer.resume(store, options.output)
    published = manifest.find_published_files(store, options.output)
    intact = manifest.find_intact(options.output, published)
    intact |= manifest.restore_times(options.output, published, intact)
    return CurrentSite(published, intact)


def publish(
    store: Store, options: BuildOptions, plan: SitePlan, rendered: RenderResult, build: int
) -> Counts:
    """Rename staged files into the output folder, record their states, and return the counts."""
    forget(store)
    kept = rendered.kept.union(plan.untouched)
    digests = {path: state.digest for path, state in plan.published.items()}
    site = NewSite(rendered.staged, kept, plan.urls.listed)
    counts = writer.publish(store, options.output, site, digests)
    remember_urls(store, plan.urls)
    if counts.removed:
        store.drop_unused_pages()
    store.set_memo(BUILD, "", build)
    files = {path: plan.published[path] for path in kept}
    files |= {one.path: FileState(one.size, one.mtime_ns, one.sha256) for one in rendered.staged}
    remember_files(store, files)
    if plan.pictures is not None:
        drop_unused_pictures(options.cache, plan.pictures, plan.published)
    return counts
