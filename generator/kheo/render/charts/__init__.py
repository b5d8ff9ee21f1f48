"""Draw charts as inline SVG, without scripts and without inline styles, which our policy forbids.

Colours are classes (`k0`) that use the custom properties of the theme, so charts are right in dark
mode and on paper. Heights are in `em` and widths in percent: letters keep their size on phones, and a
chart grows with the letters that a reader has chosen.
"""
