"""Made-up names of companies and people, from word lists of our own."""

from __future__ import annotations

from math import gcd

_START_WORDS = (
    "Al Bar Cor Dal Ed Fen Gal Hal Il Jor Kel Lum Mar Nor Or Pel Quin Ros Sol Tam Ul Ver Wil Xan Yar Zel "
    "Bri Cal Dor Fal Gren Hol Kar Lin Mer Nal Ost Pra Ruv Ser "
)
_MIDDLE_WORDS = "a e i o u an en in on ar er or al el il ola emi ari une ova "
_ENDING_WORDS = "vane dric ton mere sta lux field gate nova bridge mark wick dale rion tek core shire brook moor vex "
_FIRST_WORDS = (
    "Ada Bela Cyra Dario Elin Faris Gita Hanno Ines Jonas Kaya Lior Mira Nils Odile Pavel Quirin Rosa "
    "Sami Tilda Udo Vera Wanda Yuki Zora "
)
_LAST_WORDS = (
    "Abend Birkholt Corvi Dunmore Elster Farrow Grantz Hollis Ivarsen Juro Kestrel Lindqvist Marlow "
    "Nyberg Okafor Prado Quist Renner Sandoval Thorne Ullman Varga Westby Yilmaz Zander Alder Brandt "
    "Castel Dorn Esker "
)
_STARTS, _MIDDLES, _ENDINGS = _START_WORDS.split(), _MIDDLE_WORDS.split(), _ENDING_WORDS.split()
_FIRST, _LAST = _FIRST_WORDS.split(), _LAST_WORDS.split()
_FORMS = (
    "Systems",
    "Group",
    "Labs",
    "Works",
    "Partners",
    "Logistics",
    "Foods",
    "Health",
    "Media",
    "Energy",
    "Retail",
    "& Co",
)
_COMBINATIONS = len(_STARTS) * len(_MIDDLES) * len(_ENDINGS) * len(_FORMS)


def company_name(account: int, seed: int) -> str:
    """A name for the account at this position; no two of the first 192,000 positions share one.

    Multiplying by a number without common factor visits every combination once, in an order that looks mixed.
    """
    stride = next(n for n in range(77_773 + 2 * (seed % 1_000), _COMBINATIONS) if gcd(n, _COMBINATIONS) == 1)
    rest, form = divmod((account * stride + seed) % _COMBINATIONS, len(_FORMS))
    rest, start = divmod(rest, len(_STARTS))
    ending, middle = divmod(rest, len(_MIDDLES))
    return f"{_STARTS[start]}{_MIDDLES[middle]}{_ENDINGS[ending]} {_FORMS[form]}"


def person_name(position: int, seed: int) -> str:
    """A person's name; from the 751st position on a number tells namesakes apart."""
    place, again = position % (len(_FIRST) * len(_LAST)), position // (len(_FIRST) * len(_LAST))
    last, first = divmod((place * 331 + seed) % (len(_FIRST) * len(_LAST)), len(_FIRST))
    return f"{_FIRST[first]} {_LAST[last]}" + (f" {again + 1}" if again else "")
