"""Metrics in words: what each is called, how its values are written, and which of two is better."""

from __future__ import annotations

from collections.abc import Sequence

from foretell.words.wording import amount, count, decimal, percent, signed_percent

QUESTIONS = {
    "purchase": "Who orders?",
    "churn": "Who leaves?",
    "orders": "How many orders?",
    "spend": "How much is spent?",
    "high_value": "Who is in the top tier?",
    "becomes_high_value": "Who rises into the top tier?",
    "decline": "Who spends much less?",
}
GOES_WHERE = "next_segment: "
OF_EVERYBODY = ("purchase", "churn", "orders", "spend")
HAPPENED = {
    "purchase": "ordered",
    "churn": "did not order",
    "orders": "ordered",
    "spend": "spent something",
}
METRICS = {
    "auroc": "AUROC",
    "average_precision": "average precision",
    "log_loss": "log loss",
    "brier": "Brier",
    "calibration_error": "calibration error",
    "lift_at_10_percent": "lift at 10 %",
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "mae": "MAE",
    "rmse": "RMSE",
    "normalised_gini": "Gini",
    "decile_error": "decile error",
    "relative_bias": "bias",
    "poisson_deviance": "Poisson deviance",
    "tweedie_deviance": "Tweedie deviance",
    "average_precision_beyond_ageing": "AP of moves",
    "macro_f1": "macro F1",
    "ranked_probability_score": "ranked probability score",
}
AS_PERCENT = ("precision", "recall", "decile_error", "flow_error")
IN_MONEY = ("mae", "rmse", "bias", "interval_width", "interval_score")
BEST_AT_ZERO = ("bias", "relative_bias")
HIGHER_IS_BETTER = (
    "auroc",
    "average_precision",
    "lift_at_5_percent",
    "lift_at_10_percent",
    "lift_at_20_percent",
    "precision",
    "recall",
    "f1",
    "normalised_gini",
    "average_precision_beyond_ageing",
    "macro_f1",
)


def question(objective: str) -> str:
    """An objective as the question that it answers.

    >>> question("purchase"), question("next_segment: rfm")
    ('Who orders?', 'Who goes where, by rfm?')
    """
    if objective.startswith(GOES_WHERE):
        return f"Who goes where, by {objective.removeprefix(GOES_WHERE)}?"
    return QUESTIONS.get(objective, objective)


def happened(objective: str, share: str) -> str:
    """What the share of outcomes above zero means for a question.

    >>> happened("churn", "62 %"), happened("high_value", "10 %")
    ('62 % did not order', 'it came true for 10 %')
    """
    return f"{share} {HAPPENED[objective]}" if objective in HAPPENED else f"it came true for {share}"


def metric_name(metric: str) -> str:
    """A metric as people say it.

    >>> metric_name("auroc"), metric_name("interval_width")
    ('AUROC', 'interval width')
    """
    return METRICS.get(metric, metric.replace("_", " "))


def written(objective: str, metric: str, value: float | None) -> str:
    """A value of a metric, with the places that it deserves; money without its currency.

    >>> written("purchase", "auroc", 0.7841), written("spend", "rmse", 1234.5), written("spend", "relative_bias", 0.06)
    ('.784', '1,234', '+6\\xa0%')
    """
    if metric in AS_PERCENT:
        return percent(value)
    if metric == "relative_bias":
        return signed_percent(value)
    if metric.startswith("lift_at"):
        return decimal(value, 2)
    if metric in IN_MONEY and objective == "spend":
        return amount(value)
    if metric == "tweedie_deviance" and value is not None and value >= 1:
        return count(value) if value >= 1000 else decimal(value, 1)
    return decimal(value, 3)


def worst_of(metric: str, values: Sequence[float]) -> float:
    """The worst of at least one value."""
    return max(values, key=lambda value: best_first(metric, value))


def best_first(metric: str, value: float) -> float:
    """What to sort by so that the best value comes first; a bias is best at 0."""
    if metric in BEST_AT_ZERO:
        return abs(value)
    return -value if metric in HIGHER_IS_BETTER else value


def best_of(metric: str, values: Sequence[float | None]) -> float | None:
    """The best of the values that are known; None without one."""
    finite = [value for value in values if value is not None]
    return min(finite, key=lambda value: best_first(metric, value), default=None)
