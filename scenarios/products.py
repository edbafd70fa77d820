"""The products of a scenario, a row each."""

from pydantic import Field

from scenarios.table import Row


class Product(Row):
    """`products.csv`: what is sold, a row each, grouped in lines."""

    product: str = Field(min_length=1, description="Key")
    name: str = Field("", description="What people call it")
    line: str = Field(min_length=1, description="Product line", pattern=r"^[^|;]+$")
