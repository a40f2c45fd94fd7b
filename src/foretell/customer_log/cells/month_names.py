"""Names of months in the languages of western Europe, whole or cut short."""

from __future__ import annotations

import unicodedata

MONTHS = (
    "january januar janvier enero gennaio januari janeiro jaenner janner jan",
    "february februar fevrier febrero febbraio februari fevereiro",
    "march marz maerz mrz mars marzo maart mrt marco",
    "april avril abril aprile",
    "may mai mayo maggio mei maio maj",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august aout agosto augustus augusti",
    "september septembre septiembre setiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember decembre diciembre dicembre dezembro",
)


def month_number(name: str) -> int:
    """1 to 12 for a month's name or its first three or more letters, in seven languages; 0 for anything else."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    fitting = {number for number, names in enumerate(MONTHS, 1) if any(m.startswith(plain) for m in names.split())}
    return fitting.pop() if len(plain) >= 3 and len(fitting) == 1 else 0
