"""What the layers before Django take and give as WSGI applications, and say to those behind them."""

from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

#: Where an environ says, in words for the client, why there is no thread for the request; for `kb.edge.RequestLimits`.
CROWDED = "crosscheck.crowded"
