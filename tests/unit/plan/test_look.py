"""The look: what names of font files say, and how large a logo is shown."""

import pytest

from kheo.plan.look import font_face, logo_size


@pytest.mark.parametrize(
    ("name", "face"),
    [
        ("BeVietnamPro-Regular.woff2", ("400", "normal")),
        ("BeVietnamPro-BoldItalic.woff2", ("700", "italic")),
        ("BeVietnamPro-ExtraBold.woff2", ("800", "normal")),
        ("BeVietnamPro-ExtraLightItalic.woff2", ("200", "italic")),
        ("be-vietnam-pro-vietnamese-700-normal.woff2", ("700", "normal")),
        ("be-vietnam-pro-v11-latin_vietnamese-600italic.woff2", ("600", "italic")),
        ("be-vietnam-pro-v11-vietnamese-italic.woff2", ("400", "italic")),
        ("Semi Bold.woff2", ("600", "normal")),
        ("SourceSerif4-Black.woff2", ("900", "normal")),
        ("Inter[wght].woff2", ("100 900", "normal")),
        ("Inter-Italic-VariableFont_opsz,wght.woff2", ("100 900", "italic")),
        ("Lighthouse.woff2", ("400", "normal")),
        ("x2500.woff2", ("400", "normal")),
    ],
)
def test_weight_and_style_are_those_of_the_name(name: str, face: tuple[str, str]) -> None:
    assert font_face(name) == face


@pytest.mark.parametrize(
    ("size", "shown"),
    [((100, 100), (56, 56)), ((24, 24), (56, 56)), ((1200, 100), (240, 20)), ((10, 9000), (1, 56))],
)
def test_a_logo_fits_into_the_masthead(size: tuple[int, int], shown: tuple[int, int]) -> None:
    assert logo_size(*size) == shown
