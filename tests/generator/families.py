"""The layout families: each decides where things stand, and nothing else."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from tests.generator import layouts, layouts_exchange, layouts_kept, layouts_more
from tests.generator.sheet import Sheet

Family = Callable[[Sheet], str]


def _named(*families: Family) -> MappingProxyType[str, Family]:
    return MappingProxyType({family.__name__: family for family in families})


TUNING: Final = _named(
    layouts.classic_right,
    layouts.window_letter,
    layouts.boxed_bookkeeping,
    layouts.software_service,
    layouts.two_column_head,
    layouts.receipt_slip,
    layouts.letter_prose,
    layouts.multi_page_carry,
    layouts.style_sheet_print,
    layouts.bottom_band,
    layouts.left_sums,
    layouts.payment_part,
    layouts_more.sums_in_table,
    layouts_more.three_addresses,
    layouts_more.footer_only_seller,
    layouts_more.grey_labels,
    layouts_more.margin_column,
    layouts_more.paid_by_card,
    layouts_more.two_tables_head,
    layouts_exchange.ministry_list,
)
"""Families that may be looked at while the reader is being improved."""

VALIDATION: Final = _named(
    layouts_kept.sidebar,
    layouts_kept.tax_matrix,
    layouts_kept.bilingual,
    layouts_kept.coloured_head,
    layouts_kept.utility_bill,
    layouts_kept.freelancer,
    layouts_kept.statement_service,
    layouts_kept.remittance_slip,
    layouts_kept.dot_leaders,
    layouts_kept.market_place,
    layouts_exchange.software_house_print,
)
"""Families kept for measuring: never used for tuning or calibration."""

FAMILIES: Final = MappingProxyType({**TUNING, **VALIDATION})
