import pytest

from app.extraction.displayed import turned_back
from app.model.document import Page
from app.model.evidence import Box


def page(turned: float, width: float = 200, height: float = 300) -> Page:
    return Page(number=1, width=width, height=height, turned=turned)


def test_a_quarter_turn_is_turned_back():
    # Displayed 300 wide and 200 high, turned counter-clockwise to read: what reads at the top stood on the right.
    box = turned_back(Box(0, 0, 50, 10), page(90))
    assert tuple(box) == pytest.approx((290, 0, 300, 50))


def test_a_half_turn_is_turned_back():
    assert tuple(turned_back(Box(0, 0, 50, 10), page(180))) == pytest.approx((150, 290, 200, 300))


def test_the_other_quarter_turn_is_turned_back():
    assert tuple(turned_back(Box(0, 0, 50, 10), page(270))) == pytest.approx((0, 150, 10, 200))


def test_a_slight_skew_moves_a_box_by_what_it_was_straightened():
    box = turned_back(Box(0, 150, 10, 160), page(2))
    assert box.top == pytest.approx(150 - 3.5, abs=0.3)
