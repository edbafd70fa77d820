"""The base of all settings: frozen, no unknown keys, every field with its meaning and unit."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field

from scenarios.partial import Checked

MOST_TIMES, MOST_DAYS, MOST_MONTHS = 10.0, 3650.0, 120.0
"""Limits of factors and times: whoever gives more has slipped by a power of ten or meant percent."""


class Settings(Checked):
    """A group of settings of `scenario.toml`; misspelled keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Stated(Settings):
    """A rule as people state it: what they call it, who asks for it and why."""

    name: str = Field("", description="What people call the rule; empty: its kind and number", max_length=80)
    owner: str = Field("", description="Who asks for it; for people")
    reason: str = Field("", description="Why; for people")


def _as_texts(where: Any) -> Any:
    """Turn single values into lists, and numbers, dates and truth values into texts."""
    if not isinstance(where, Mapping):
        return where
    return {column: _texts(values) for column, values in where.items()}


def _texts(values: Any) -> Any:
    many = values if isinstance(values, list | tuple) else [values]
    return tuple(
        (
            str(value).lower()
            if isinstance(value, bool)
            else (
                f"{value:.15g}"
                if isinstance(value, int | float)
                else value.isoformat()
                if isinstance(value, date)
                else value
            )
        )
        for value in many
    )


Where = Annotated[dict[str, tuple[str, ...]], BeforeValidator(_as_texts)]
"""Values by column as a setting: `{ tier = ["A", "B"], potential = ">= 1000" }`."""
