"""What is known of the files that reports show."""

from kheo.diagnostics import BrokenFile
from kheo.media.files import MediaFile
from kheo.pictures.recipes import PictureFile
from kheo.read.data.files import TableFile

Measured = PictureFile | MediaFile | TableFile | BrokenFile
