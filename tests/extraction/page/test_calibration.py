from itertools import pairwise

import pytest

from app.extraction.page.calibration import Curves, along, calibrate, curves, field_of, product
from app.model.document import FileType
from app.model.evidence import Evidence, Source
from app.model.extraction import Extraction, Reading
from app.model.invoice import Invoice
from app.model.paths import CORE

CURVE = ((0.2, 0.1), (0.6, 0.5), (1.0, 0.9))


def proofs(**certainties):
    return {
        path.replace("__", "."): Evidence(confidence=c, source=Source.TEXT) for path, c in certainties.items()
    }


def extraction(fields):
    return Extraction(readings=(Reading(invoice=Invoice(), fields=fields),), file_type=FileType.PDF)


@pytest.mark.parametrize(
    ("certainty", "probability"), [(0.0, 0.1), (0.2, 0.1), (0.4, 0.3), (0.8, 0.7), (1.0, 0.9)]
)
def test_between_points_the_probability_rises_in_proportion(certainty, probability):
    assert along(CURVE, certainty) == pytest.approx(probability)


def test_nothing_is_ever_certain():
    assert along(((0.5, 1.0),), 0.9) < 1


def test_a_row_shares_its_column_s_curve():
    assert field_of("line_items[12].amount") == "line_items.amount"


def test_a_field_has_its_own_curve_and_the_rest_the_common_one():
    by = Curves(
        fields={"invoice.number": ((0.5, 0.7),)}, default=((0.5, 0.4),), whole=((0.0, 0.2), (1.0, 0.8))
    )
    found = calibrate(extraction(proofs(invoice__number=0.5, invoice__date=0.5)), by)
    assert (found.fields["invoice.number"].confidence, found.fields["invoice.date"].confidence) == (0.7, 0.4)


def test_the_whole_is_trusted_less_the_less_its_core_fields_are():
    sure = product({path: Evidence(confidence=0.99, source=Source.TEXT) for path in CORE})
    doubtful = product(
        {
            path: Evidence(confidence=0.99 if path != "financials.total" else 0.5, source=Source.TEXT)
            for path in CORE
        }
    )
    assert 0 < doubtful < sure < 1


def test_the_shipped_curves_rise_and_stay_between_nought_and_one():
    shipped = curves()
    for curve in (*shipped.fields.values(), shipped.default, shipped.whole):
        assert curve
        assert all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(curve))
        assert all(0 <= y <= 1 for _, y in curve)


def test_every_core_field_has_a_shipped_curve():
    assert set(CORE) <= set(curves().fields)
