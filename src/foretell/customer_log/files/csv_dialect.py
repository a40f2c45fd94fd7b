"""How a delimited text file is written: its encoding, delimiter and header, told from its beginning."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from dataclasses import dataclass, field

from foretell.customer_log.files.header_row import NUMBER_OR_DATE, header_row, titles_told
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import refuse_twice_named
from foretell.project.errors import InputError

DELIMITERS = (",", ";", "\t", "|", "^", "~", ":", "\x01", "\x1f")
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Reads the bytes that are not UTF-8 as Windows-1252, the code page of most older exports."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in wrong), error.end


LENIENT = "windows-1252"
"""The name of that way of reading, as the `errors` of a decoder."""
codecs.register_error(LENIENT, windows_1252)


@dataclass(frozen=True)
class Dialect:
    """`header_lines` physical lines come before the first row; `mark` is the length of the byte order mark; `rows` are
    the first rows below the header, and `titles` says what stands above it."""

    encoding: str
    mark: int
    delimiter: str
    header: tuple[str, ...]
    header_lines: int
    carriage_returns: bool
    titles: str = ""
    rows: list[list[str]] = field(default_factory=list)

    def decoder(self) -> codecs.IncrementalDecoder:
        """Bytes to text; a byte that is not UTF-8 is read as Windows-1252, cell by cell."""
        errors = LENIENT if self.encoding == "utf-8" else "replace"
        return codecs.getincrementaldecoder(self.encoding)(errors)


def dialect_of(file: SourceFile, head: bytes, whole: bool) -> Dialect:
    """The dialect of a file that begins with `head` (`whole`: there is no more of it).

    Raises InputError for binary content, a missing header, lines above the header and duplicate names.
    """
    encoding, mark = _encoding(head)
    text = codecs.getincrementaldecoder(encoding)(LENIENT if encoding == "utf-8" else "replace").decode(
        head[mark:], whole
    )
    _refuse_binary(file, text)
    carriage_returns = "\n" not in text and "\r" in text
    if carriage_returns:
        text = text.replace("\r", "\n")
    skipped, delimiter = 0, ""
    if directive := re.match(r"(?i)\ufeff?sep=(.)\r?\n", text):
        skipped, delimiter = 1, directive[1]
        text = text[directive.end() :]
    blank = re.match(r"(?:[ \t]*\r?\n)*", text)
    if blank:
        skipped += blank[0].count("\n")
        text = text[blank.end() :]
    lines = text.splitlines(keepends=True)[:2000]
    if not whole and len(lines) > 1:
        lines = lines[:-1]
    if not lines:
        raise InputError("The file is empty.", file=str(file.path), expected="a header and at least one row")
    delimiter = delimiter or _delimiter(lines)
    rows, ends = _rows(lines, delimiter)
    at = header_row(rows)
    if at < 0:
        raise InputError(
            "There are lines above the header.",
            file=str(file.path),
            line=skipped + 1,
            found=delimiter.join(rows[0]),
            expected="the names of the columns in the first line, or below title lines",
            hint="remove what stands above the names of the columns",
        )
    header = _header(file, rows[at:], skipped + 1, delimiter)
    titles = titles_told(rows[:at], file.name)
    return Dialect(encoding, mark, delimiter, header, skipped + ends[at], carriage_returns, titles, rows[at + 1 :])


def _encoding(head: bytes) -> tuple[str, int]:
    for mark, name in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return name, len(mark)
    even, odd = head[0:4096:2].count(0), head[1:4096:2].count(0)
    half = max(1, min(len(head), 4096) // 2)
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le", 0
    if even > 0.4 * half and odd < 0.1 * half:
        return "utf-16-be", 0
    return "utf-8", 0


def _refuse_binary(file: SourceFile, text: str) -> None:
    strange = re.search(r"[\x00-\x08\x0e-\x1e]", text.replace("\x01", ""))
    share = len(re.findall(r"[\x00-\x08\x0e-\x1a\x1c-\x1e\x7f\ufffd]", text)) / max(1, len(text))
    if "\x00" in text or (strange and share > 0.01):
        at = text.find("\x00") if "\x00" in text else strange.start() if strange else 0
        raise InputError(
            "The file is not text.",
            file=str(file.path),
            line=text.count("\n", 0, at) + 1,
            found=f"the byte {ord(text[at]):#04x}",
            expected="CSV, JSON lines, Parquet or Excel",
            hint="export the table again as CSV in UTF-8",
        )


def _rows(lines: list[str], delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The rows, and how many physical lines each ends after; a last row that is cut off is left out."""
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    rows: list[list[str]] = []
    ends: list[int] = []
    csv.field_size_limit(1 << 30)
    try:
        for row in reader:
            if row:
                rows.append(row)
                ends.append(reader.line_num)
    except csv.Error:
        return (rows, ends) if rows else ([lines[0].rstrip("\r\n").split(delimiter)], [1])
    return rows, ends


def _delimiter(lines: list[str]) -> str:
    """The delimiter under which most rows have the same number of cells, and more than one."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        rows, _ = _rows(lines[:500], delimiter)
        widths = Counter(len(row) for row in rows)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1] if item[0] > 1 else 0, item[0]))
        if width < 2:
            continue
        agreed = count / len(rows) * (1.2 if len(rows[0]) == width else 1.0) * (0.7 if delimiter in ":^~" else 1.0)
        if (agreed, width) > (best_score[0] + 0.05, 0) or (agreed > best_score[0] - 0.05 and width > best_score[1]):
            best, best_score = delimiter, (agreed, width)
    return best


def _header(file: SourceFile, rows: list[list[str]], line: int, delimiter: str) -> tuple[str, ...]:
    header = [cell.strip().strip("\ufeff").strip() for cell in rows[0]]
    below = rows[1:]
    widths = Counter(len(row) for row in below)
    usual = widths.most_common(1)[0][0] if widths else len(header)
    if len(header) < usual and len(header) <= max(1, usual // 2):
        deep = next(i for i, row in enumerate(rows) if len(row) == usual)
        raise InputError(
            "There are lines above the header.",
            file=str(file.path),
            line=line,
            found=delimiter.join(rows[0]),
            expected=f"a header of {usual} columns in the first line",
            hint=f"remove what stands above line {line + deep}",
        )
    if len(header) + 1 == usual and sum(not row[-1].strip() for row in below if len(row) == usual) == widths[usual]:
        header.append("")
    figures = [cell for cell in header if NUMBER_OR_DATE.fullmatch(cell)]
    if figures and len(figures) >= max(1, len(header) // 4):
        raise InputError(
            "The first line is not a header.",
            file=str(file.path),
            line=line,
            found=delimiter.join(rows[0]),
            expected="the names of the columns",
            hint="add a line with the names, such as customer_id,date,amount",
        )
    names = [cell or f"column {i + 1}" for i, cell in enumerate(header)]
    refuse_twice_named(names, file, line)
    return tuple(names)
