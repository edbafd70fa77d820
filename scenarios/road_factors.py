"""How much longer roads are than the straight line, by country.

Source: R. H. Ballou, H. Rahardja, N. Sakai, *Selected country circuity factors for road travel distance
estimation*, Transportation Research Part A 36(9), 2002, 843-848, table 1, doi:10.1016/S0965-8564(01)00044-1:
mean ratio of road to great-circle distance between pairs of cities. Their figure for England stands for the
United Kingdom. The means are of 9 pairs (France, standard deviation .46) to 299 (United States, .17), so a
single country may be far off: where it matters, give travel times or a factor of your own.
"""

UNKNOWN = 1.25
"""Where the country is in neither table. An assumption: the published means go from 1.12 to 2.10, that of
Europe as a whole is 1.46 (199 pairs), that of the United States 1.20."""

LEAST, MOST = 1.12, 2.10
"""The range of the published means."""

CONFIRMED = {
    "DE": 1.32,
    "ES": 1.58,
    "FR": 1.65,
    "GB": 1.40,
    "HU": 1.35,
    "IN": 1.31,
    "IT": 1.18,
    "PL": 1.21,
    "US": 1.20,
}
"""Road distance over great-circle distance by country (ISO 3166-1, two letters), each as at least one other
work quotes it from table 1."""

ASSUMED = {
    "AR": 1.22,
    "AU": 1.28,
    "BR": 1.23,
    "BY": 1.12,
    "CA": 1.30,
    "CN": 1.33,
    "EG": 2.10,
    "ID": 1.43,
    "JP": 1.41,
    "MX": 1.46,
    "NZ": 2.05,
    "RU": 1.37,
    "SA": 1.34,
    "TH": 1.42,
    "UA": 1.29,
    "ZA": 1.23,
}
"""Said to be of the same table, and found quoted nowhere else: assumptions, between LEAST and MOST."""

ROAD_FACTORS = CONFIRMED | ASSUMED

NAMES = {
    "argentina": "AR",
    "australia": "AU",
    "belarus": "BY",
    "brazil": "BR",
    "canada": "CA",
    "china": "CN",
    "egypt": "EG",
    "england": "GB",
    "france": "FR",
    "germany": "DE",
    "great britain": "GB",
    "hungary": "HU",
    "india": "IN",
    "indonesia": "ID",
    "italy": "IT",
    "japan": "JP",
    "mexico": "MX",
    "new zealand": "NZ",
    "poland": "PL",
    "russia": "RU",
    "russian federation": "RU",
    "saudi arabia": "SA",
    "south africa": "ZA",
    "spain": "ES",
    "thailand": "TH",
    "uk": "GB",
    "ukraine": "UA",
    "united kingdom": "GB",
    "united states": "US",
    "united states of america": "US",
    "usa": "US",
}
"""Names of these countries as they are written in tables, in lower case."""


def road_factor(country: str) -> float:
    """Give road distance over great-circle distance in a country, named by its code or in English."""
    name = country.strip()
    return ROAD_FACTORS.get(NAMES.get(name.lower(), name.upper()), UNKNOWN)
