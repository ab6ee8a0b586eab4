import io

import pypdfium2
import pytest
from pypdf import PdfReader

from tests.generator import hostile


def test_the_encrypted_invoice_opens_with_its_password_alone():
    data = hostile.encrypted_pdf()
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(data)
    assert len(pypdfium2.PdfDocument(data, password=hostile.PASSWORD)) == 1


def test_hidden_text_is_in_the_file_and_the_blank_page_has_none():
    assert "9.999,00" in PdfReader(io.BytesIO(hostile.hidden_text_pdf())).pages[0].extract_text()
    assert not PdfReader(io.BytesIO(hostile.blank_pdf())).pages[0].extract_text().strip()


def test_a_scan_has_a_picture_and_no_text():
    page = PdfReader(io.BytesIO(hostile.image_only_pdf())).pages[0]
    assert not page.extract_text().strip()
    assert len(page.images) == 1
