"""The alerts and deliveries that a project declares."""

from __future__ import annotations

from collections.abc import Sequence

from foretell.project.alert_parts import AlertPart, DeliveryPart, deliveries_of
from foretell.project.declaration import FILE_NAME, read_declaration
from foretell.project.place import Place


def declared(place: Place) -> tuple[Sequence[AlertPart], Sequence[DeliveryPart]]:
    """The alerts and deliveries that the declaration beside the state names; nothing without one."""
    path = place.state.parent / FILE_NAME
    if not path.is_file():
        return (), ()
    found = read_declaration(path)
    for part in found.alerts:
        deliveries_of(part, found.deliveries)
    return found.alerts, found.deliveries
