"""Where a project keeps its results, and what it needs to go on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from foretell.project.declaration import FILE_NAME, read_declaration
from foretell.project.errors import InputError

STATE_FOLDER = ".foretell"
RESULTS_FOLDER = "foretell-results"


def refuse_folder(out: Path) -> None:
    """InputError where results cannot lie there: a file, the sign for standard output, or no name of a folder."""
    try:
        str(out).encode()
        found = "a file" if out.exists() and not out.is_dir() else "standard output" if str(out) == "-" else ""
    except UnicodeEncodeError:
        found = "a name that is not UTF-8"
    except OSError as error:
        found = error.strerror or str(error)
    if found:
        raise InputError(
            "The results need a folder.",
            file=ascii(str(out))[1:-1],
            found=found,
            expected="a folder that is there, or can be made",
            hint="--out results; for an answer on the screen alone --json",
        )


@dataclass(frozen=True)
class Place:
    """The folder of the results, and the one that keeps the log, finished steps and the catalogue of runs."""

    out: Path
    state: Path

    @classmethod
    def of_results(cls, out: Path) -> Place:
        """The place of a run without a declaration: everything lies in the folder of its results."""
        return cls(out, out / STATE_FOLDER)

    @classmethod
    def of_declaration(cls, path: Path, out: str) -> Place:
        """The place of a project: state beside its `foretell.toml`, results in the folder that it names."""
        return cls(path.parent / out, path.parent / STATE_FOLDER)


def place_of(out: Path | None) -> Place:
    """The place whose results are in `out`; without one that of the `foretell.toml` here, or the usual folder."""
    declaration = Path(FILE_NAME)
    if out is None and declaration.is_file():
        return Place.of_declaration(declaration, read_declaration(declaration).project.out)
    return Place.of_results(out or Path(RESULTS_FOLDER))
