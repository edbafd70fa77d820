"""The base of all settings: frozen, no unknown keys, every field with its meaning and unit."""

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """A group of settings of `scenario.toml`; misspelled keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
