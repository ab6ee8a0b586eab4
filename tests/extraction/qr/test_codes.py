import base64
import datetime as dt
import json
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.extraction.qr.registry import understood
from app.reading.codes import codes_in

CASES = tomllib.loads(
    (Path(__file__).parents[3] / "fixtures" / "codes" / "payloads.toml").read_text(encoding="utf-8")
)["case"]
A_MODULE_AT_100_DPI = 2  # pixels: half a millimetre


def named(case: dict) -> str:
    return f"{case['kind']}: {case['says']}"


def plain(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_payload_means_what_its_specification_says(case):
    code = understood(case["payload"])
    assert code is not None
    assert code.kind == case["kind"]
    assert {path: plain(value) for path, value in code.values.items()} == case["values"]


@pytest.mark.parametrize("case", [case for case in CASES if "taxes" in case], ids=named)
def test_a_payload_states_its_taxes(case):
    lines = understood(case["payload"]).tax_breakdown
    stated = [
        {
            leaf: plain(getattr(line, leaf))
            for leaf in ("rate", "base", "amount")
            if getattr(line, leaf) is not None
        }
        for line in lines
    ]
    assert stated == case["taxes"]


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_payload_printed_at_100_dpi_is_read_back(case):
    symbology = case.get("symbology", "QRCode")
    level = {"ec_level": "M"} if symbology == "QRCode" else {}
    code = zxingcpp.create_barcode(case["payload"], getattr(zxingcpp.BarcodeFormat, symbology), **level)
    picture = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=A_MODULE_AT_100_DPI))
    page = Image.new("L", (827, 1169), 255)
    page.paste(picture, (90, 300))
    [seen] = codes_in(page, 1, 72 / 100)
    assert seen.text == case["payload"]
    assert (seen.x0, seen.top) >= (90 * 0.72, 300 * 0.72)


def test_an_indian_code_is_read_without_its_signature():
    data = {
        "SellerGstin": "27AAPFU0939F1ZV", "BuyerGstin": "29AAGCB7383J1Z4", "DocNo": "BLR/26/17", "DocTyp": "INV",
        "DocDt": "07/04/2026", "TotInvVal": 1180.5, "ItemCnt": 1, "MainHsnCode": "8471", "Irn": "0" * 64,
    }  # fmt: skip
    claims = json.dumps({"data": json.dumps(data), "iss": "NIC"}).encode()
    token = ".".join(
        base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (b'{"alg":"RS256"}', claims, b"s")
    )
    values = understood(token).values
    assert values["vendor.vat_number"] == "IN27AAPFU0939F1ZV"
    assert values["invoice.number"] == "BLR/26/17"
    assert values["invoice.date"] == dt.date(2026, 4, 7)
    assert values["financials.total"] == Decimal("1180.5")


def test_a_saudi_code_is_read_from_its_tags():
    def tag(number: int, text: str) -> bytes:
        return bytes([number, len(text.encode())]) + text.encode()

    parts = ("متجر الواحة", "310122393500003", "2026-04-25T15:30:00Z", "1150.00", "150.00")
    payload = base64.b64encode(b"".join(tag(number, text) for number, text in enumerate(parts, 1))).decode()
    values = understood(payload).values
    assert values["vendor.name"] == "متجر الواحة"
    assert values["financials.subtotal"] == Decimal("1000.00")
    assert values["invoice.date"] == dt.date(2026, 4, 25)


@given(st.text(max_size=300))
def test_any_other_text_is_no_invoice_and_no_error(text):
    assert understood(text) is None


@given(st.sampled_from(CASES), st.data())
def test_a_damaged_payload_never_raises(case, data):
    cut = data.draw(st.integers(0, len(case["payload"])))
    noise = data.draw(st.text(max_size=5))
    understood(case["payload"][:cut] + noise + case["payload"][cut + 1 :])


def test_a_link_that_is_no_link_never_raises():
    assert understood("https://[?nif=B58378431&numserie=1&fecha=05-02-2026&importe=1.00") is not None
    assert understood("https://[") is None
