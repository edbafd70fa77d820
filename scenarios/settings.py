"""The base of all settings: frozen, no unknown keys, every field with its meaning and unit."""

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """A group of settings of `scenario.toml`; misspelled keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Stated(Settings):
    """A rule as people state it: what they call it, who asks for it and why."""

    name: str = Field("", description="What people call the rule; empty: its kind and number", max_length=80)
    owner: str = Field("", description="Who asks for it; for people")
    reason: str = Field("", description="Why; for people")
