"""What a parsed document is fetched as: JSON, Markdown, HTML, a ZIP, and its pictures."""

import io
import json
import zipfile

import pypdfium2
import pytest
import requests
from PIL import Image

from app.settings import Settings


@pytest.fixture(scope="module")
def illustrated():
    """A PDF with a red picture and a sentence."""
    with pypdfium2.PdfDocument.new() as pdf:
        page = pdf.new_page(300, 300)
        image = pypdfium2.PdfImage.new(pdf)
        image.set_bitmap(pypdfium2.PdfBitmap.from_pil(Image.new("RGB", (80, 60), "red")))
        image.set_matrix(pypdfium2.PdfMatrix().scale(120, 90).translate(40, 150))
        page.insert_obj(image)
        page.gen_content()
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def parse(server, content, key=None, name="leaflet.pdf", **fields):
    answer = server.ask("POST", "/v1/parse", key, files={"file": (name, content)}, data=fields)
    assert answer.status_code == 202, answer.text
    return server.wait(answer.json()["job_id"], key)


def test_a_picture_is_fetched_where_its_segment_says(server, illustrated):
    job = parse(server, illustrated, mode="basic")
    [segment] = [s for chunk in job["result"]["chunks"] for s in chunk["segments"]]
    assert segment["segment_type"] == "Picture"
    assert segment["image"] == f"/v1/jobs/{job['job_id']}/segments/{segment['index']}.png"
    answer = server.ask("GET", segment["image"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    picture = Image.open(io.BytesIO(answer.content)).convert("RGB")
    assert picture.size == pytest.approx((250, 188), abs=3)  # 120 by 90 points at 150 dpi
    assert picture.getpixel((120, 90)) == (255, 0, 0)


def test_a_picture_is_another_tenants_by_no_name_at_all(server, illustrated):
    job = parse(server, illustrated, mode="basic")
    stranger = server.new_key("stranger-to-pictures")
    address = f"/v1/jobs/{job['job_id']}"
    for path in ("/segments/0.png", "/result"):
        answer = server.ask("GET", address + path, stranger)
        assert (answer.status_code, answer.json()["code"]) == (404, "job_not_found")
    assert requests.get(server.url + address + "/segments/0.png", timeout=10).status_code == 401
    for name in (
        "00.png",
        "1.png",
        "0.jpg",
        "result.json",
        "..%2Fresult.json",
        "%2E%2E%2F%2E%2E%2Fspunta.db",
    ):
        assert server.ask("GET", f"{address}/segments/{name}").status_code == 404


def test_what_was_parsed_is_gone_when_it_is_purged(server, illustrated):
    job = parse(server, illustrated, mode="basic")
    address = f"/v1/jobs/{job['job_id']}"
    assert server.ask("DELETE", address, params={"purge": "true"}).status_code == 204
    assert server.ask("GET", f"{address}/segments/0.png").status_code == 404
    assert not [path for path in server.data.rglob("*.png") if job["job_id"] in str(path)]


def test_without_images_none_is_made(server, illustrated):
    job = parse(server, illustrated, mode="basic", include="markdown,html")
    [segment] = [s for chunk in job["result"]["chunks"] for s in chunk["segments"]]
    assert (segment["image"], segment["ocr"]) == (None, [])
    assert server.ask("GET", f"/v1/jobs/{job['job_id']}/segments/0.png").status_code == 404


def test_a_document_is_handed_over_as_markdown_html_and_zip(server, pdf):
    job = parse(server, pdf("Condizioni di vendita", "Una riga <b>"), output_format="markdown")
    assert job["result"]["markdown"] == "Condizioni di vendita  \nUna riga \\<b>\n"
    assert (job["result"]["chunks"], job["result"]["download"]) == ([], job["result_url"])
    markdown = server.ask("GET", job["result_url"])
    assert markdown.headers["content-type"] == "text/markdown; charset=utf-8"
    assert markdown.text == job["result"]["markdown"]
    page = server.ask("GET", job["result_url"], params={"output_format": "html"})
    assert "Una riga &lt;b&gt;" in page.text
    assert "sandbox" in page.headers["content-security-policy"]
    whole = server.ask("GET", job["result_url"], params={"output_format": "json"}).json()
    assert whole["chunks"][0]["segments"][0]["html"].startswith("<p>")
    wrong = server.ask("GET", job["result_url"], params={"output_format": "docx"})
    assert wrong.status_code == 400


def test_a_zip_holds_the_document_and_its_pictures_with_links_that_lead_there(server, illustrated):
    job = parse(server, illustrated, mode="basic", output_format="zip")
    answer = server.ask("GET", job["result"]["download"])
    assert answer.headers["content-disposition"] == 'attachment; filename="leaflet.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {"document.json", "document.md", "document.html", "segments/0.png"}
        assert archive.read("document.md") == b"![](segments/0.png)\n"
        [chunk] = json.loads(archive.read("document.json"))["chunks"]
        assert chunk["segments"][0]["image"] == "segments/0.png"


def test_a_result_of_more_than_a_megabyte_is_streamed_whole(server, pdf):
    lines = [f"Riga {at} di un documento molto lungo" for at in range(60)]
    job = parse(server, pdf(*lines), chunk_size="200", overlap="150")
    long = parse(server, many_pages(pdf(*lines), 120), chunk_size="200", overlap="150")
    answer = server.ask("GET", f"/v1/jobs/{long['job_id']}")
    assert len(answer.content) > 1_000_000
    assert long["page_count"] == 120
    assert len(long["result"]["chunks"]) > 50 * len(job["result"]["chunks"])
    with (server.data / "spunta.db").open("rb") as database:
        assert b"documento molto lungo" not in database.read()


def many_pages(content, count):
    with pypdfium2.PdfDocument(content) as source, pypdfium2.PdfDocument.new() as pdf:
        for _ in range(count):
            pdf.import_pages(source)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def test_wishes_are_checked(server, pdf):
    for option, value in [
        ("include", "markdown,words"),
        ("segment_types", "Tables"),
        ("regions", "margin"),
        ("output_format", "docx"),
    ]:
        answer = server.ask("POST", "/v1/parse", files={"file": pdf("a")}, data={option: value})
        assert (answer.status_code, answer.json()["option"]) == (400, option)
        assert answer.json()["allowed"]
    assert server.submit(pdf("a"), include="html").json()["option"] == "include"


def test_the_settings_bound_pictures():
    bounds = Settings()
    assert (bounds.max_pictures, bounds.max_picture_pixels) == (500, 4_000_000)
