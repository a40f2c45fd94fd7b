"""Artefacts: what one declared step made, kept by its key, and read only if its bytes are those that were written.

A key is the fingerprint of everything that went in, so a finished step of an interrupted run is found again; the
fingerprint of an artefact is of its content, so an unchanged result stops the cascade below it. A folder appears only
when it is complete: written aside, then renamed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
import weakref
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from foretell.project.errors import InputError
from foretell.project.fingerprints import fingerprint
from foretell.project.version import __version__

Made = TypeVar("Made")
MANIFEST = "manifest.json"
FOLDER = "artefacts"
_IN_USE: weakref.WeakValueDictionary[tuple[Any, ...], Any] = weakref.WeakValueDictionary()
"""Values that somebody in this process still holds, by the files that they were read from, as these stood."""


@dataclass(frozen=True)
class Artefact(Generic[Made]):
    """A named kind of result. `version` is raised when the meaning of what is kept under the name changes."""

    name: str
    kind: Any
    version: int = 1


@dataclass(frozen=True)
class Kept:
    """Where an artefact stands: its name, its key, the fingerprint of its content, and what went in, by name."""

    name: str
    key: str
    fingerprint: str
    ingredients: Mapping[str, str]

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return f"{self.name}-{self.key}"


class Damaged(Exception):
    """An artefact is missing, or its bytes are not those that were written; the text says which."""


class Artefacts:
    """The artefacts below one state folder. Nothing is made on disk before the first one is kept."""

    def __init__(self, state: Path, note: Callable[[str], None] | None = None) -> None:
        """`note` is told of what was damaged and is made again."""
        self.root = (state / FOLDER).absolute()
        self._note = note

    def kept_or_made(
        self, artefact: Artefact[Made], ingredients: Mapping[str, str], make: Callable[[], Made]
    ) -> tuple[Kept, Made | None]:
        """What these ingredients made: kept (its value is not read, and is None here), or made and kept now."""
        key = key_of(artefact, ingredients)
        folder = self.root / f"{artefact.name}-{key}"
        if folder.exists():
            try:
                return self._verified(artefact.name, key), None
            except Damaged as why:
                self._tell(f"The kept step {artefact.name} is damaged ({why}) and is made again.")
                shutil.rmtree(folder, ignore_errors=True)
        made = make()
        return self._written(artefact, key, ingredients, made), made

    def value_of(self, artefact: Artefact[Made], ingredients: Mapping[str, str], make: Callable[[], Made]) -> Made:
        """What these ingredients made, read or made."""
        fresh: list[Made] = []

        def noted() -> Made:
            fresh.append(make())
            return fresh[0]

        kept, _ = self.kept_or_made(artefact, ingredients, noted)
        return fresh[0] if fresh else self.read(artefact, kept)

    def find(self, artefact: Artefact[Made], ingredients: Mapping[str, str]) -> Kept | None:
        """The artefact of these ingredients, where it is there and whole."""
        try:
            return self._verified(artefact.name, key_of(artefact, ingredients))
        except Damaged:
            return None

    def read(self, artefact: Artefact[Made], kept: Kept) -> Made:
        """The value of an artefact, from bytes that match its fingerprint; raises `Damaged`. One that is still in use,
        and whose files were not touched since, is given again."""
        from foretell.storage import codec  # noqa: PLC0415

        manifest = self._manifest(kept.name, kept.key)
        if _content(manifest) != kept.fingerprint:
            raise Damaged("it is not the one that the run made")
        folder = self.root / kept.folder

        def content(name: str) -> bytes:
            return _checked(folder / name, manifest["files"][name])

        try:
            looks = [(name, (folder / name).stat()) for name in sorted(manifest["files"])]
        except OSError as error:
            raise Damaged(f"{error.filename} cannot be read: {error.strerror}") from error
        told = (
            folder,
            kept.fingerprint,
            *((name, look.st_mtime_ns, look.st_size, look.st_ino) for name, look in looks),
        )
        if (held := _IN_USE.get(told)) is not None:
            return cast(Made, held)
        try:
            found = cast(Made, codec.read(artefact.kind, folder, content))
        except (codec.Unreadable, KeyError) as error:
            raise Damaged(f"it cannot be read: {error}") from error
        with suppress(TypeError):
            _IN_USE[told] = found
        return found

    def tidy(self, named: Collection[str]) -> None:
        """Remove the folders that are not named, and what interrupted writers left aside."""
        if not self.root.is_dir():
            return
        for folder in self.root.iterdir():
            if folder.name not in named:
                shutil.rmtree(folder, ignore_errors=True)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever kept here."""
        return not self.root.is_dir() or not any(self.root.iterdir())

    def _written(self, artefact: Artefact[Made], key: str, ingredients: Mapping[str, str], made: Made) -> Kept:
        from foretell.storage import codec  # noqa: PLC0415

        folder = self.root / f"{artefact.name}-{key}"
        aside = self.root / f".{folder.name}-{uuid.uuid4().hex[:8]}"
        try:
            aside.mkdir(parents=True)
            codec.write(made, aside)
            files = {path.name: digest_of(path) for path in sorted(aside.iterdir())}
            manifest = {
                "artefact": artefact.name,
                "key": key,
                "foretell": __version__,
                "ingredients": dict(ingredients),
                "files": files,
            }
            (aside / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            aside.rename(folder)
        except OSError as error:
            raise InputError(
                "A finished step cannot be written.", file=str(folder), found=str(error), hint="is the disk full?"
            ) from error
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        return Kept(artefact.name, key, fingerprint(files), dict(ingredients))

    def _verified(self, name: str, key: str) -> Kept:
        """The artefact, after all of its bytes were compared with its manifest."""
        manifest = self._manifest(name, key)
        folder = self.root / f"{name}-{key}"
        there = {path.name for path in folder.iterdir()} - {MANIFEST}
        if there != set(manifest["files"]):
            raise Damaged("files are missing, or not its own")
        for file, digest in manifest["files"].items():
            try:
                found = digest_of(folder / file)
            except OSError as error:
                raise Damaged(f"{file} cannot be read: {error.strerror}") from error
            if found != digest:
                raise Damaged(f"{file} is not as it was written")
        return Kept(name, key, _content(manifest), manifest["ingredients"])

    def _manifest(self, name: str, key: str) -> dict[str, dict[str, str]]:
        path = self.root / f"{name}-{key}" / MANIFEST
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
            if (manifest["artefact"], manifest["key"]) != (name, key):
                raise Damaged("it is another one's")
            if not all(isinstance(manifest[part], dict) for part in ("files", "ingredients")):
                raise ValueError
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Damaged("it is not there" if isinstance(error, FileNotFoundError) else "its manifest is") from None
        return cast(dict[str, dict[str, str]], manifest)

    def _tell(self, text: str) -> None:
        if self._note is not None:
            self._note(text)


def key_of(artefact: Artefact[Made], ingredients: Mapping[str, str]) -> str:
    """The key of what these ingredients make."""
    return fingerprint([artefact.name, dict(ingredients), __version__, artefact.version])


def _content(manifest: Mapping[str, Mapping[str, str]]) -> str:
    return fingerprint(dict(manifest["files"]))


def _checked(path: Path, digest: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Damaged(f"{path.name} cannot be read: {error.strerror}") from error
    if _digest(content) != digest:
        raise Damaged(f"{path.name} is not as it was written")
    return content


def digest_of(path: Path) -> str:
    """A digest of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
