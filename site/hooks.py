"""What makes pages for a Git host into pages of the site."""

import logging
import re
from pathlib import Path
from urllib.parse import urldefrag

from pymdownx.slugs import slugify

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"

# Pages outside of docs, whose links are checked as well.
ROOT_PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]

FENCE = re.compile(r"^ *`{3,}")
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+?)\s*$")
SNIPPET = re.compile(r"(<!-- snippet: (\S+)#(\S+) -->\n```(java|kotlin)\n.*?^```\n)", re.DOTALL | re.MULTILINE)
ITEM = re.compile(r"^(?:[-*]|\d+\.) ")
BLOCK_START = re.compile(r"^(?:[-*] |\d+\. |\|)")
CONTINUED = re.compile(r"^(?:\s|[-*] |\d+\. |\||$)")

log = logging.getLogger("mkdocs.hooks")
slug = slugify(case="lower")


def on_page_markdown(markdown, page, config, files):
    source = Path(page.file.abs_src_path)
    return with_imports(spaced(linked(markdown, source, config["extra"]["source_url"])))


def on_post_page(output, page, config):
    for address in re.findall(r"<(?:script|img|iframe|link)\b[^>]*?\b(?:src|href)=[\"']?(https?:[^\"'\s>]+)", output):
        log.warning("%s loads %s: the site loads nothing from elsewhere", page.file.src_uri, address)
    for left in re.findall(r"<p>(?:```|\||[-*] |\d+\. ).{0,60}", output):
        log.warning("%s has Markdown that is not rendered: %s", page.file.src_uri, left)
    return output


def on_post_build(config):
    for name in ROOT_PAGES:
        for _, _, target in links(ROOT / name):
            check(ROOT / name, target)


def linked(markdown, source, source_url):
    """Links out of docs go to the repository, or are text when nobody knows where that is."""

    def replace(match):
        image, text, target = match.groups()
        if image or re.match(r"[a-z]+:|#", target):
            return match.group()
        path = (source.parent / urldefrag(target).url).resolve()
        if path.is_relative_to(DOCS):
            return match.group()
        check(source, target)
        if not source_url:
            return text
        return f"[{text}]({source_url.rstrip('/')}/{path.relative_to(ROOT)}{fragment(target)})"

    return outside_of_code(markdown, lambda line: LINK.sub(replace, line))


def spaced(markdown):
    """Git hosts begin a list or a table without an empty line before it, and indent what belongs to an item by the
    width of its marker; Python's Markdown does neither."""
    lines, code, marker = [], False, 0
    for line in markdown.splitlines():
        if not code and lines and BLOCK_START.match(line) and not CONTINUED.match(lines[-1]):
            lines.append("")
        item = ITEM.match(line)
        if item and not code:
            marker = item.end()
        elif line and not line.startswith(" " * marker):
            marker = 0
        elif line and marker:
            line = "    " + line[marker:]
        if FENCE.match(line):
            code = not code
        lines.append(line)
    return "\n".join(lines) + "\n"


def with_imports(markdown):
    """The imports of a snippet are behind it, folded."""

    def replace(match):
        block, path, name, language = match.groups()
        imports = imports_of(ROOT / path, name)
        if not imports:
            return block
        lines = "\n".join(imports)
        code = "\n".join("    " + line for line in f"```{language}\n{lines}\n```".splitlines())
        return f'{block}\n??? note "Imports"\n\n{code}\n\n'

    return SNIPPET.sub(replace, markdown)


def imports_of(path, name):
    text = path.read_text()
    region = text.split(f"// tag::{name}[]\n")[1].split(f"// end::{name}[]")[0]
    if "\nimport " in "\n" + region:
        return []
    end = "" if path.suffix == ".kt" else ";"
    code = re.sub(r'"(?:\\.|[^"\\])*"', "", region)
    # What follows a dot is a method in Java, and may be an imported function in Kotlin.
    words = set(re.findall(r"\b\w+" if path.suffix == ".kt" else r"(?<!\.)\b\w+", code))
    imports = [line for line in re.findall(r"^import .*", text, re.MULTILINE)
               if re.search(r"(\w+);?$", line).group(1) in words]
    # What is in the package of the test need not be imported there.
    package = re.search(r"^package ([\w.]+)", text, re.MULTILINE).group(1)
    module = path.relative_to(ROOT).parts[0]
    for neighbour in sorted((ROOT / module / "src/main/java" / package.replace(".", "/")).glob("*.java")):
        if neighbour.stem in words and re.search(rf"^public .*\b{neighbour.stem}\b", neighbour.read_text(), re.MULTILINE):
            imports.append(f"import {package}.{neighbour.stem}{end}")
    return sorted(imports, key=lambda line: (line.startswith("import static"), line))


def links(page):
    found = []
    outside_of_code(page.read_text(), lambda line: found.extend(LINK.findall(line)) or line)
    return found


def check(source, target):
    if re.match(r"[a-z]+:", target):
        return
    file, anchor = urldefrag(target)
    path = (source.parent / file).resolve() if file else source
    if not path.exists():
        log.warning("%s links to %s, which does not exist", source.name, target)
    elif anchor and path.suffix == ".md" and anchor not in anchors(path):
        log.warning("%s links to %s, which has no such heading", source.name, target)


def anchors(page):
    found = set()
    outside_of_code(page.read_text(), lambda line: found.update(
        slug(re.sub(r"[`*]|\]\([^)]*\)|\[", "", heading), "-") for heading in HEADING.findall(line)) or line)
    return found


def fragment(target):
    anchor = urldefrag(target).fragment
    return "#" + anchor if anchor else ""


def outside_of_code(markdown, change):
    lines, code = [], False
    for line in markdown.splitlines():
        if FENCE.match(line):
            code = not code
        elif not code:
            line = change(line)
        lines.append(line)
    return "\n".join(lines) + "\n"
