"""What a report's page may do in a browser: run its own scripts, and nothing else.

The page carries its policy with it, so that it holds in a file too. It names the
page's scripts and style by their hashes; the styles that the chart library makes as it
goes carry a nonce, the hash of all the page says, which nobody can write into it. The
server's header adds what only a header can say: no frame, and a sandbox in which the
page has no origin, so no cookie and no session is within its reach.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

# Later rules win: what holds for every chart comes before what holds on a phone.
STYLES = ("charts.css", "report.css", "print.css")
SCRIPTS = (
    "theme.js",
    "arrays.js",
    "thinning.js",
    "formats.js",
    "plot.js",
    "window.js",
    "tracks.js",
    "price.js",
    "clouds.js",
    "page.js",
)
COMMON = (
    "default-src 'none'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
)


@cache
def style() -> str:
    return "".join(map(_asset, STYLES))


@cache
def library() -> str:
    """Return the chart library's script, as its package ships it."""
    # Found without importing the package, which would load a web server with it.
    spec = find_spec("bokeh")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package bokeh is not installed")
    path = Path(spec.origin).parent / "server/static/js/bokeh.min.js"
    return _inline(path.read_text("utf-8"))


@cache
def opening_script() -> str:
    """Return the script that has to run before the library."""
    return _inline(_asset("styles.js"))


@cache
def script() -> str:
    """Return our own script: its files one after the other, in a scope of its own."""
    parts = "\n".join(_asset(name) for name in SCRIPTS)
    return _inline(f'"use strict";\n(() => {{\n{parts}}})();\n')


def page_policy(nonce: str) -> str:
    """Return the policy that the page itself carries."""
    return "; ".join(
        (
            *COMMON,
            f"script-src {_script_sources()}",
            f"style-src {source_hash(style())} 'nonce-{nonce}'",
            "require-trusted-types-for 'script'",
        )
    )


@cache
def report_policy() -> str:
    """Return the policy for the answer that serves the page; the same for all pages."""
    return "; ".join(
        (
            *COMMON,
            f"script-src {_script_sources()}",
            # The page's own policy is stricter, and both hold.
            "style-src 'unsafe-inline'",
            "frame-ancestors 'none'",
            "sandbox allow-scripts",
        )
    )


def nonce_of(content: str) -> str:
    return sha256(content.encode()).hexdigest()[:32]


def source_hash(text: str) -> str:
    """Return the policy's name for an inline script or style with this text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


@cache
def _script_sources() -> str:
    return " ".join(map(source_hash, (opening_script(), library(), script())))


def _asset(name: str) -> str:
    return files("backtests.reports.assets").joinpath(name).read_text("utf-8")


def _inline(text: str) -> str:
    """Return the script; refuse one that would end the element it stands in."""
    if "</script" in text.lower() or "<!--" in text:
        raise ValueError("a script of the report cannot stand in a page")
    return text
