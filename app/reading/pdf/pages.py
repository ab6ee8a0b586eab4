"""The pages of an opened PDF, loaded as they are asked for."""

import pypdfium2

from app.errors import Unreadable


class Pages:
    """Loads pages, the first of them once for its notes and its words: loading costs as much as reading."""

    def __init__(self, pdf: pypdfium2.PdfDocument) -> None:
        self.pdf = pdf
        self._first: pypdfium2.PdfPage | None = None

    def load(self, number: int) -> pypdfium2.PdfPage:
        """A page by its number from 1; the caller closes it.

        Raises:
            Unreadable: it is damaged.
        """
        if number == 1 and self._first is not None:
            page, self._first = self._first, None
            return page
        try:
            return self.pdf[number - 1]
        except pypdfium2.PdfiumError:
            raise Unreadable(f"Page {number} of the PDF is damaged and cannot be read.") from None

    def first(self) -> pypdfium2.PdfPage:
        """The first page to look at, kept for whoever loads it next; closed with the PDF at the latest.

        Raises:
            Unreadable: it is damaged.
        """
        self._first = self.load(1)
        return self._first
