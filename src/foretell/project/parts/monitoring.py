"""What a user declares about monitoring: `[monitoring]` of `foretell.toml`."""

from __future__ import annotations

from collections.abc import Collection

from foretell.project.errors import InputError
from foretell.project.parts.alerts import DeclaredPart


class MonitoringPart(DeclaredPart):
    """`[monitoring]`: the deliveries, as `kind:name`, by which a line goes out when something breaks."""

    deliver: tuple[str, ...] = ()

    def channels(self, declared: Collection[str]) -> tuple[str, ...]:
        """The deliveries; InputError where one of them is not among those that are declared."""
        for channel in self.deliver:
            if channel not in declared:
                raise InputError(
                    "Monitoring names a delivery that is not declared.",
                    found=channel,
                    expected=f"one of: {', '.join(declared)}" if declared else "a [[deliveries]] part",
                )
        return self.deliver
