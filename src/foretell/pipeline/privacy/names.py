"""Finding one customer: the id as the log reads it, who is meant where nobody has it, and e-mails that are theirs."""

from __future__ import annotations

import difflib
import re
import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.customer_log.cells.identifiers import EMAIL
from foretell.customer_log.erasure.forgotten import canonical_id
from foretell.customer_log.identities.linked_ids import links_of
from foretell.customer_log.manifest import StoredFile
from foretell.customer_log.stable_keys import stable_keys
from foretell.customer_log.store import Store
from foretell.customer_log.tables.profiles import PROFILES
from foretell.customer_log.tables.registry import FACT_TABLES
from foretell.project.errors import InputError

NEAR = 5
LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")


def key_of(text: str) -> int:
    """The stable key of an id in any spelling that the log reads as one; InputError where it is none."""
    name = canonical_id(text)
    if not name:
        raise InputError("That is no customer id.", found=repr(text), expected="an id as it stands in the files")
    return int(stable_keys(pa.array([name]))[0])


def is_in_log(store: Store, key: int) -> bool:
    """Whether any table of the log has a row of the customer, or a link names them."""
    kinds = ("customers", "orders", *FACT_TABLES)
    if any((_keys(store, file) == key).any() for kind in kinds for file in store.manifest.files(kind)):
        return True
    links = links_of(store)
    return any((stable_keys(links[name].combine_chunks()) == key).any() for name in ("customer_id", "other_id"))


def unknown(text: str, store: Store) -> InputError:
    """The error for a customer of whom nothing is known, with ids that are spelled nearly so."""
    ids = store.customer_ids().to_pylist()
    wanted = _plainly(text)
    same = [one for one in ids if _plainly(one) == wanted]
    near = same or difflib.get_close_matches(canonical_id(text), ids, n=NEAR, cutoff=0.75)
    return InputError(
        "Nothing is known of that customer.",
        found=text,
        expected=f"an id such as {', '.join((near or ids)[:NEAR])}" if ids else "an id of the customer log",
        hint="did you mean one of those?" if near else "ids are read as they stand in the files: 0001 is not 1",
    )


def emails_of(store: Store, key: int) -> list[str]:
    """The e-mail addresses that profiles give this customer, and nobody else."""
    files = [store.root / file.path for file in store.manifest.files(PROFILES.name)]
    told = [pq.ParquetFile(path).read(columns=["customer_key", "value"], use_threads=False) for path in files]
    rows = pa.concat_tables([PROFILES.stored.empty_table().select(["customer_key", "value"]), *told])
    own, values = rows["customer_key"].to_numpy() == key, pc.fill_null(rows["value"], 0).to_numpy()
    theirs = np.setdiff1d(values[own], values[~own])
    found = list[str]()
    for path in store.words() if len(theirs) else ():
        words = pq.ParquetFile(path).read(use_threads=False)
        texts = words.filter(pa.array(np.isin(words["code"].to_numpy(), theirs)))["text"]
        found += texts.filter(pc.match_substring_regex(texts, EMAIL)).to_pylist()
    return sorted(set(found))


def _keys(store: Store, file: StoredFile) -> np.ndarray:
    path = store.root / file.path
    return np.asarray(pq.ParquetFile(path).read(columns=["customer_key"], use_threads=False)["customer_key"].to_numpy())


def _plainly(text: str) -> str:
    """An id without what people write in two ways: case, forms of letters, zeros before it.

    >>> _plainly("C-0012") == _plainly("c-12"), _plainly("100") == _plainly("10")
    (True, False)
    """
    return LEADING_ZEROS.sub("", unicodedata.normalize("NFKC", canonical_id(text)).casefold())
