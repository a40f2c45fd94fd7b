"""What a source is read from: its files, or a relation of a database, which is read as a file is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from foretell.customer_log.databases.connection import connected
from foretell.customer_log.databases.declared_relation import relation_of
from foretell.customer_log.databases.relation import Relation
from foretell.customer_log.files.source_files import SourceFile, source_files
from foretell.project.errors import InputError
from foretell.project.request import Source


def files_of(source: Source) -> list[SourceFile]:
    """The files of a source, sorted by name; a table or query of a database is one. InputError where a file does not
    exist, or a database cannot be read."""
    relation = relation_of(source)
    return source_files([str(path) for path in source.files]) if relation is None else [file_of(relation)]


def file_of(relation: Relation) -> SourceFile:
    """A relation as a file, with what tells its content now."""
    with connected(relation) as database:
        names = list(database.columns())
        for role, name in (("key", relation.key), ("incremental", relation.incremental)):
            if name and name not in names:
                raise InputError(
                    f"The column of {role} is not in the database.",
                    file=relation.name,
                    column=name,
                    found=", ".join(names),
                    hint=f"{role} in [[sources]] of foretell.toml",
                )
        state = database.state()
    if relation.incremental and state.rows and not state.until:
        raise InputError(
            "The column of incremental is empty, so that it cannot tell what is new.",
            file=relation.name,
            column=relation.incremental,
            hint="name a column that every new or changed row fills, or leave incremental out",
        )
    told = (relation.source, relation.incremental, state.told)
    return replace(file_to_look_at(relation), size=state.rows, told=told, until=state.until)


def file_to_look_at(relation: Relation) -> SourceFile:
    """A relation as a file, of which nobody knows yet what its content is told by."""
    return SourceFile(Path(relation.name), relation.name, "database", relation=relation)
