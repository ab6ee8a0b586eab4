import subprocess
import sys
import time

import pytest

from app.errors import Unreadable
from app.extraction.einvoice import tree
from app.extraction.einvoice.tree import parse_tree
from tests.extraction.einvoice.written import SAMPLE, WRITERS


def test_children_are_found_by_local_name_and_attributes_by_an_at_sign():
    node = parse_tree(b"<x:a xmlns:x='urn:x' y='1'><x:b> c </x:b><d z='2'>e</d><b>f</b></x:a>").node()
    assert node == {"@y": "1", "b": ["c", "f"], "d": {"": "e", "@z": "2"}}


def test_embedded_files_are_not_kept():
    node = parse_tree(b"<a><b>" + b"A" * 200_000 + b"</b><c>d</c></a>").node()
    assert node == {"b": "", "c": "d"}


@pytest.mark.parametrize("syntax", WRITERS)
def test_a_streamed_document_says_the_same_as_one_parsed_whole(syntax, monkeypatch, extracted):
    data = WRITERS[syntax](SAMPLE)
    whole = extracted(data)
    monkeypatch.setattr(tree, "_STREAMED_FROM", 0)
    streamed = extracted(data)
    assert len(whole.invoice.line_items) == len(SAMPLE.rows)
    assert (streamed.invoice, dict(streamed.fields)) == (whole.invoice, dict(whole.fields))


def test_deep_nesting_is_unreadable():
    with pytest.raises(Unreadable, match="nested"):
        parse_tree(b"<a>" * 200 + b"</a>" * 200).node()


def test_a_hundred_thousand_attributes_take_no_time():
    crowd = b" ".join(b"a%d='1'" % number for number in range(100_000))
    begun = time.process_time()
    assert len(parse_tree(b"<a b='2' " + crowd + b"><c>d</c></a>").node()) < 100
    assert time.process_time() - begun < 2


_READ_BIG = """
import sys, time
from app.extraction.einvoice import extract_xml
from app.model.document import Document, FileType
from app.model.options import Options
from tests.extraction.einvoice.written import SAMPLE, write_fatturapa
data = write_fatturapa(SAMPLE)
start, end = data.index(b"<DettaglioLinee>"), data.index(b"<DatiRiepilogo>")
line = data[start : data.index(b"</DettaglioLinee>") + len(b"</DettaglioLinee>")]
line = line.replace("Stół".encode(), b"Fornitura " * 17)
big = data[:start] + line * 100_000 + data[end:]
begun = time.process_time()
extraction = extract_xml(Document(file_type=FileType.XML, xml=big), Options())
seconds = time.process_time() - begun
megabytes = next(int(row.split()[1]) for row in open('/proc/self/status') if row.startswith('VmHWM')) // 1000
print(len(big), len(extraction.invoice.line_items), megabytes, seconds)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux counts it")
def test_forty_megabytes_with_a_hundred_thousand_lines_are_read_in_ten_seconds_and_bounded_memory(root):
    run = subprocess.run(
        [sys.executable, "-c", _READ_BIG], capture_output=True, text=True, check=True, cwd=root, timeout=100
    )
    size, lines, megabytes, seconds = (float(part) for part in run.stdout.split())
    assert size > 40_000_000
    assert lines == 100_000
    assert megabytes < 800
    assert seconds < 10
