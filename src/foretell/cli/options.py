"""The options that commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class SpendValue(StrEnum):
    """How refunds count in spend."""

    net = "net"
    gross = "gross"


class ProofDepth(StrEnum):
    """How much is proved."""

    quick = "quick"
    full = "full"


class DateOrder(StrEnum):
    """How dates such as 1/2/2024 are meant."""

    dmy = "dmy"
    mdy = "mdy"
    ymd = "ymd"


Files = Annotated[
    list[Path] | None, typer.Argument(help="Order files: one, several, a folder or a pattern.", metavar="FILE...")
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DAY", help="Know everything before this day, nothing after. [default: the end of the data]"
    ),
]
Horizon = Annotated[
    str | None, typer.Option("--horizon", help="How far to look, such as 90d or 13w. [default: what suits the data]")
]
ColumnsOption = Annotated[
    str | None,
    typer.Option("--columns", help="Which column is what: customer=...,time=...,amount=...,order=...,product=..."),
]
StatesOption = Annotated[
    str | None,
    typer.Option("--states", help="What states of a sale say: 'Paid=sale,Failed=none,Given back=refund'."),
]
NobodyOption = Annotated[
    str | None,
    typer.Option("--nobody", help="Ids that stand for nobody, such as '0,guest'; '' for none."),
]
ValueOption = Annotated[
    SpendValue | None,
    typer.Option("--value", help="Spend with refunds taken off (net) or without (gross). [default: net]"),
]
ProofOption = Annotated[
    ProofDepth | None,
    typer.Option("--proof", help="Test the costly models at the newest past cutoff, or at all. [default: quick]"),
]
Seed = Annotated[int | None, typer.Option("--seed", help="Seed of everything that is drawn. [default: 0]")]
Yes = Annotated[bool, typer.Option("--yes", help="Ask nothing; refuse what cannot be told from the data.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder for the results. [default: foretell-results]")
]
RunOption = Annotated[str | None, typer.Option("--run", metavar="ID", help="Of this run. [default: the newest one]")]
Json = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
Timezone = Annotated[
    str | None, typer.Option("--timezone", help="Local time of the data, such as Europe/London. [default: UTC]")
]
Currency = Annotated[str | None, typer.Option("--currency", help="Currency of the amounts, such as GBP.")]
Margin = Annotated[
    float | None,
    typer.Option("--margin", min=0, max=1, help="Share of spend that is margin, for lifetime value. [default: 1]"),
]
DiscountRate = Annotated[
    float | None,
    typer.Option("--discount-rate", min=0, max=10, help="Discount rate of a year, for lifetime value. [default: 0.1]"),
]
DateOrderOption = Annotated[
    DateOrder | None, typer.Option("--date-order", help="How 1/2/2024 is meant, where the data cannot tell.")
]
DecimalOption = Annotated[
    str | None, typer.Option("--decimal", help="Decimal sign of the numbers, where the data cannot tell: . or ,")
]
SheetOption = Annotated[
    str | None, typer.Option("--sheet", metavar="NAME", help="Read this sheet of the workbook alone.")
]
FirstDayOption = Annotated[
    str | None,
    typer.Option("--first-day", metavar="DAY", help="Where times are counted days: the calendar day of day 1."),
]
VisitsOption = Annotated[
    bool, typer.Option("--count-visits", help="Where no column holds money: count each row as one visit.")
]
LabelOption = Annotated[
    str | None,
    typer.Option("--label", metavar="COL", help="Predict this column of a table with one row a customer, no dates."),
]
IdOption = Annotated[
    str | None, typer.Option("--id", metavar="COL", help="With --label: the column that names the customer.")
]
KeepOption = Annotated[
    list[str] | None,
    typer.Option("--keep", metavar="COL", help="With --label: learn from this column although the audit kept it out."),
]
DropOption = Annotated[
    list[str] | None, typer.Option("--drop", metavar="COL", help="With --label: do not learn from this column.")
]
Workers = Annotated[int | None, typer.Option("--workers", min=1, help="Processes at work. [default: 2]")]
SetOption = Annotated[
    str | None, typer.Option("--set", metavar="NAME", help="Of this segment set: rfm, lifecycle, value, or your own.")
]
