"""The parties of a till slip."""

from app.extraction.page.parties.areas import BUYER, SELLER, Columns
from app.extraction.page.parties.casting import Cast, best, cast_parties, collect
from app.extraction.page.parties.ids import all_ids, ids_of
from app.extraction.page.parties.labelled_areas import labelled_areas
from app.extraction.page.slip.shop import shop_area
from app.extraction.page.text.scan import Scan
from app.model.options import Options


def cast_slip(found: Scan, grid: Columns, options: Options) -> tuple[Cast, Cast]:
    """The shop at the head of a till slip, and a buyer only where a label names one."""
    shop = shop_area(found)
    if shop is None:
        return cast_parties(found, grid, options)
    buyer = best(labelled_areas(found, grid), BUYER)
    ids = all_ids(found)
    return (
        collect(found, shop, shop.name, ids_of(ids, shop, buyer, SELLER)),
        collect(found, buyer, buyer.name if buyer else None, ids_of(ids, buyer, shop, BUYER)),
    )
