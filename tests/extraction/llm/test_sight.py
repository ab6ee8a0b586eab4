"""Pages without words are shown to a model, and what it says of them is never accepted unseen."""

import datetime as dt
import io
import json
from decimal import Decimal

import pytest
from PIL import Image

from app.errors import OcrFailed
from app.extraction.llm.anthropic_messages import _request as messages_request
from app.extraction.llm.openai_chat import _request as chat_request
from app.model.consultation import Help, Reply, Spent
from app.model.evidence import Source
from app.model.job import HelpScope
from app.model.limits import Limits
from app.model.options import Options
from app.pipeline import judge, read_invoice
from app.validation import Context, load
from tests.generator.hostile import picture
from tests.papers import paper

TOLD = {
    "vendor.name": "Officina Larga S.r.l.",
    "vendor.vat_number": "IT12345678903",
    "buyer.name": "Bottega Chiara S.p.A.",
    "invoice.number": "PR-4471-26",
    "invoice.date": "2026-03-12",
    "invoice.currency": "EUR",
    "financials.subtotal": "100.00",
    "financials.tax_amount": "22.00",
    "financials.total": "122.00",
}


class Eyes:
    """Sees what it is told to see."""

    def __init__(self, told=TOLD, trouble="", words=None):
        self.told, self.trouble, self.words, self.asked = told, trouble, words or {}, []

    def __call__(self, inquiry):
        self.asked.append(inquiry)
        if self.trouble:
            return Reply(trouble=self.trouble)
        answers = [{"path": p, "value": v, "word_ids": self.words.get(p, [])} for p, v in self.told.items()]
        return Reply(text=json.dumps({"answers": answers}), model="eyes-1", spent=Spent(model_calls=1))


def scan(tmp_path, kind="pdf"):
    path, shown = tmp_path / f"scan.{kind}", io.BytesIO()
    picture(paper(), 100).save(shown, kind.upper(), **({"resolution": 100} if kind == "pdf" else {}))
    path.write_bytes(shown.getvalue())
    return path


def read(path, eyes, scope=HelpScope.NEEDED):
    return read_invoice(path, Options(), Limits(ocr_engine="none"), help_=Help(scope, eyes))


@pytest.mark.parametrize("kind", ["pdf", "png"])
def test_a_scan_is_shown_as_pictures(tmp_path, kind):
    eyes = Eyes()
    extraction = read(scan(tmp_path, kind), eyes)
    (inquiry,) = eyes.asked
    (shown,) = inquiry.pictures
    with Image.open(io.BytesIO(shown.png)) as seen:
        assert max(seen.size) <= 1568
    assert extraction.invoice.invoice.date == dt.date(2026, 3, 12)
    assert extraction.invoice.financials.total == Decimal("122.00")
    assert extraction.model == "eyes-1"
    assert extraction.page_count == 1


def test_what_it_saw_is_never_accepted_unseen(tmp_path):
    extraction = read(scan(tmp_path), Eyes())
    assert {proof.source for proof in extraction.fields.values()} == {Source.MODEL}
    assert max(proof.confidence for proof in extraction.fields.values()) <= 0.3
    assert set(TOLD) <= set(extraction.observations.ungrounded)
    judged = judge(extraction, Context(), load())
    assert judged.decision.outcome == "review"
    assert "UNGROUNDED_VALUE" in {flag.code for flag in judged.report.validation_flags}


def test_what_is_no_value_is_left_out(tmp_path):
    odd = {"invoice.date": "soon", "financials.total": "much", "invoice.currency": "gold", "vendor.iban": "IT00", "line_items": "x", "vendor.name": "Officina"}  # fmt: skip
    extraction = read(scan(tmp_path), Eyes(odd))
    assert dict(extraction.fields).keys() == {"vendor.name"}


def test_a_model_that_sees_nothing_leaves_it_as_it_was(tmp_path):
    with pytest.raises(OcrFailed):
        read(scan(tmp_path), Eyes(trouble="PROVIDER_AUTH"))


def test_a_few_recognised_words_ground_what_they_show(tmp_path):
    path = tmp_path / "few.pdf"
    path.write_bytes(paper("#v(200pt) Totale 122,00 EUR"))
    eyes = Eyes(
        {"financials.total": "122.00", "invoice.number": "PR-4471-26"}, words={"financials.total": [2, 3]}
    )
    extraction = read(path, eyes)
    assert extraction.fields["financials.total"].bbox is not None
    assert extraction.observations.ungrounded == ("invoice.number",)


def test_both_providers_are_sent_the_picture(tmp_path):
    eyes = Eyes()
    read(scan(tmp_path), eyes)
    content = messages_request(eyes.asked[0], "claude-haiku-5-5")["messages"][0]["content"]
    assert [part["type"] for part in content] == ["text", "image", "text", "text"]
    content = chat_request(eyes.asked[0], "local", 0)["messages"][1]["content"]
    assert [part["type"] for part in content] == ["image_url", "text", "text"]
