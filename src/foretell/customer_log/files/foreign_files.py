"""Files of kinds that are not read, by their first bytes: what each is, and the way out."""

from __future__ import annotations

FOREIGN: dict[bytes, tuple[str, str]] = {
    b"%PDF": ("a PDF document", "export the table as CSV or Excel"),
    b"SQLite format 3": ("a SQLite database", "name it alone: foretell init shop.sqlite shows its tables"),
    b"\x28\xb5\x2f\xfd": ("a Zstandard archive", "unpack it with `zstd -d`"),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", "unpack it and give the files in it"),
    b"Rar!": ("a RAR archive", "unpack it and give the files in it"),
    b"ARROW1": ("an Arrow or Feather file", "write it as Parquet"),
    b"ORC": ("an ORC file", "write it as Parquet"),
    b"Obj\x01": ("an Avro file", "write it as Parquet"),
    b"\x89PNG": ("a picture", "give the table itself"),
    b"\xff\xd8\xff": ("a picture", "give the table itself"),
    b"GIF8": ("a picture", "give the table itself"),
    b"\x89HDF": ("an HDF5 file", "write it as Parquet"),
    b"\x80\x04\x95": ("a Python pickle", "write it as Parquet"),
    b"{\\rtf": ("a rich text document", "export the table as CSV or Excel"),
}
